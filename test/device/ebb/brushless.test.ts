import { expect, test } from "vitest";
import { createEbbPlotter } from "../../../src/daemon/device/ebb/ebb-plotter.ts";
import { SimBoard } from "../../../src/daemon/device/link/sim-board.ts";
import { createSimLink } from "../../../src/daemon/device/link/sim-link.ts";
import { machineModel, servoSweepS } from "../../../src/daemon/device/models.ts";
import { drawLine } from "../../support/draw.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { sentCommands } from "../../support/sent-commands.ts";

const brushless = machineModel("axidraw_v3_brushless");
const never = new AbortController().signal;

/** A line of 10 mm, as the configuration `model` would draw it on a machine with a brushless lift. @returns what was sent and the board */
async function draw(model: string, firmware: string) {
  const clock = new FakeClock();
  const board = new SimBoard({ clock, model: brushless, firmware });
  const link = createSimLink(board);
  const sent = sentCommands(link);
  const plotter = createEbbPlotter({ link, model: machineModel(model), clock });
  const work = async () => {
    await plotter.open(never);
    await plotter.lowerPen(0.048);
    await drawLine(plotter, { x: 10, y: 0 }, { speed: 50, accel: 200 });
    await plotter.raisePen(0.048);
    await plotter.drained(never);
  };
  await clock.runUntil(work());
  return { board, sent };
}

test("from 40 % to 60 % the brushless lift takes 16 frames of 3 ms, the standard servo 5 of 24 ms", () => {
  expect(servoSweepS(brushless, 40, 60)).toBeCloseTo(0.048, 9);
  expect(servoSweepS(machineModel("axidraw_v3"), 40, 60)).toBeCloseTo(0.12, 9);
});

test.each(["2.5.3", "2.8.1", "3.0.2"])(
  "on firmware %s a brushless lift is driven on pin 2, one output to a frame, within its own pulses",
  async (firmware) => {
    const { board, sent } = await draw("axidraw_v3_brushless", firmware);
    expect(board.ink()).toHaveLength(1);
    expect(board.ink()[0]![0]).toBe(0);
    expect(board.ink()[0]!.at(-2)).toBe(10);
    expect(board.penTouches).toBe(false);
    const pen = sent.filter((command) => command.startsWith("SP,"));
    expect(pen).toEqual(["SP,1,500,2", "SP,0,48,2", "SP,1,48,2"]);
    expect(sent).toContain("SC,8,1");
    // 60 % and 40 % of 5,400 … 12,600.
    expect(sent).toContain("SC,4,9720");
    expect(sent).toContain("SC,5,8280");
  },
);

test("a machine configured with the standard servo never moves a brushless lift", async () => {
  const { board, sent } = await draw("axidraw_v3", "2.8.1");
  expect(board.ink()).toEqual([]);
  expect(sent.some((command) => command.startsWith("SC,8"))).toBe(false);
});
