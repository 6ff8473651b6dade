import { expect, test } from "vitest";
import { createSimLink, simulate } from "../../../src/daemon/device/link/sim-link.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const model = machineModel("axidraw_v3");

function connect() {
  const clock = new FakeClock();
  const { board, link } = simulate({ clock, model, firmware: "2.8.1", name: "virtual_001" });
  const lines: string[] = [];
  const ends: (string | undefined)[] = [];
  link.onLine = (line) => lines.push(line);
  link.onEnd = (error) => ends.push(error?.message);
  return { clock, board, link, lines, ends };
}

test("a simulated link carries commands to the board and whole lines back", async () => {
  const { clock, link, lines } = connect();
  expect(link.name).toBe("virtual_001");
  link.send("QS");
  link.send("QT");
  link.send("V");
  await clock.advanceAsync(10);
  expect(lines).toEqual(["0,0", "OK", "OK", "EBBv13_and_above EB Firmware Version 2.8.1"]);
});

test("a pulled cable ends it once with an error, and nothing is carried any more", async () => {
  const { clock, board, link, lines, ends } = connect();
  board.fault("unplug");
  link.send("QS");
  await clock.advanceAsync(10);
  await link.close();
  expect(ends).toEqual(["the cable was pulled"]);
  expect(lines).toEqual([]);
});

test("the board keeps its counters from one link to the next", async () => {
  const { clock, board, link, ends } = connect();
  link.send("SM,10,40,40");
  await clock.advanceAsync(20);
  await link.close();
  expect(ends).toEqual([undefined]);
  const again = createSimLink(board);
  const lines: string[] = [];
  again.onLine = (line) => lines.push(line);
  again.send("QS");
  await clock.advanceAsync(10);
  expect(lines).toEqual(["40,40", "OK"]);
});

test("a closed link hears nothing of what its successor is told", async () => {
  const { clock, board, link, lines } = connect();
  await link.close();
  createSimLink(board).send("QS");
  await clock.advanceAsync(10);
  expect(lines).toEqual([]);
});
