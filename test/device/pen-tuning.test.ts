import { expect, test } from "vitest";
import { createEbbPlotter } from "../../src/daemon/device/ebb/ebb-plotter.ts";
import { simulateBoard } from "../../src/daemon/device/link/sim-board.ts";
import { createSimLink } from "../../src/daemon/device/link/sim-link.ts";
import { machineModel } from "../../src/daemon/device/models.ts";
import { type PenTuning, tunedPen } from "../../src/daemon/device/pen-tuning.ts";
import type { PlotControl } from "../../src/daemon/device/plot-control.ts";
import { PlotStream } from "../../src/daemon/device/plot-stream.ts";
import { BLACK, planOf } from "../support/drawings.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { sentCommands } from "../support/sent-commands.ts";

const model = machineModel("axidraw_v3");

test("heights further apart take longer to sweep, a delay is added, the pen's own delay stays where none is given", () => {
  const pen = { ...BLACK, upPercent: 60, downPercent: 40, liftS: 0.22, dropS: 0.22 };
  expect(tunedPen(pen, {}, model)).toEqual(pen);
  // 20 % of 17,976 are 5 frames of 24 ms, 40 % are 10; the pen waits 0.1 s of its own.
  expect(tunedPen(pen, { upPercent: 80 }, model).liftS).toBeCloseTo(0.34, 9);
  expect(tunedPen(pen, { upPercent: 80, delayMs: 0 }, model).dropS).toBeCloseTo(0.24, 9);
});

/** Three strokes of 10 mm; `tuning` comes when the first has its pen down. @returns what was sent, and the time it took */
async function drawTuned(tuning: PenTuning): Promise<{ sent: string[]; tookMs: number; inkMm: number }> {
  const clock = new FakeClock();
  const board = simulateBoard({ clock, model });
  const link = createSimLink(board);
  const sent = sentCommands(link);
  const plotter = createEbbPlotter({ link, model, clock });
  await clock.runUntil(plotter.open(new AbortController().signal));
  const rows = [0, 1, 2].map(
    (row) =>
      [
        [10, 10 + row],
        [20, 10 + row],
      ] as [number, number][],
  );
  const control: PlotControl = { request: null, tuning: {} };
  const stream = new PlotStream({
    plan: await planOf(...rows),
    plotter,
    model,
    control,
    from: { move: 0, mm: 0 },
    resumed: false,
    inkLeftMm: {},
    junctionDeviationMm: 0.127,
    onPenDown: () => {
      control.tuning = tuning;
    },
  });
  const startMs = clock.monotonicMs();
  expect(await clock.runUntil(stream.run())).toMatchObject({ outcome: "completed" });
  return { sent, tookMs: clock.monotonicMs() - startMs, inkMm: board.ink().length };
}

test("a slower pen takes the later strokes slower, and draws them all", async () => {
  const own = await drawTuned({});
  const slow = await drawTuned({ speedMmPerS: 10 });
  expect([own.inkMm, slow.inkMm]).toEqual([3, 3]);
  // 10 mm take 0.447 s at 200 mm/s² without cruise, and 1.05 s at 10 mm/s; two of three strokes are slow.
  expect(Math.abs(slow.tookMs - own.tookMs - 2 * (1050 - 447))).toBeLessThan(40);
});

test("another height is told to the board before the second stroke, once", async () => {
  const { sent } = await drawTuned({ upPercent: 70 });
  const pulse = Math.round(model.servoMin + 0.7 * (model.servoMax - model.servoMin));
  const heights = sent.filter((command) => command.startsWith("SC,4,"));
  expect(heights.at(-1)).toBe(`SC,4,${pulse}`);
  expect(heights.filter((command) => command === `SC,4,${pulse}`)).toHaveLength(1);
  const strokesBefore = sent
    .slice(0, sent.indexOf(`SC,4,${pulse}`))
    .filter((command) => command.startsWith("SP,0"));
  expect(strokesBefore).toHaveLength(1);
});
