import { expect, test } from "vitest";
import { Fields } from "../../../src/daemon/device/link/sim-fields.ts";
import { simFirmware } from "../../../src/daemon/device/link/sim-firmware.ts";
import { Axis } from "../../../src/daemon/device/link/sim-motion.ts";
import { lowLevelMove } from "../../../src/daemon/device/link/sim-moves.ts";

/**
 * Moves of motor 1 that were recorded on a board with 3.x arithmetic (evil-mad/EggBot, EBB_firmware/Analysis/RegressionTests):
 * LM's rate, steps, accel; the accumulator at the start (null: cleared); then what was measured at the end:
 * ticks, accumulator, rate, net steps.
 */
const RECORDED: [number, number, number, number | null, number, number, number, number][] = [
  [268435456, 5, 0, null, 40, 0, 268435456, 5],
  [-268435456, 5, 0, null, 40, 2147483647, -268435456, -5],
  [490123456, 5, 0, null, 22, 45297792, 490123456, 5],
  [-490123456, 5, 0, null, 22, 2102185855, -490123456, -5],
  [490123456, 5, 0, 1073741823, 20, 138792703, 490123456, 5],
  [-490123456, 5, 0, 1073741823, 20, 2008690943, -490123456, -5],
  [8589934, 29, 17353403, null, 85, 1142286978, 1474952488, 29],
  [-8589934, 29, -17353403, null, 85, 1005196669, -1474952488, -29],
  [8589934, 29, 17353403, 2047483648, 83, 257219053, 1440245682, 29],
  [-8589934, 29, 17353403, 2047483648, 84, 271709226, 1440419217, 29],
  [1800095000, 29, -26012345, null, 69, 7141901, 18249367, 29],
  [-1800095000, 29, 26012345, null, 69, 2140341746, -18249367, -29],
  [0, 10, 50353403, null, 30, 1184194885, 1485425389, 10],
  [0, 10, -50353403, null, 30, 963288762, -1485425389, -10],
  [1800095000, 29, -54567890, null, 69, 750143799, -1937805465, -3],
  [10, 3, -35111222, null, 20, 1567690391, -684668819, -3],
  [-10, 3, 35111222, null, 20, 579793256, 684668819, 3],
  [388300000, 2, -35111222, null, 27, 1981026877, -542147383, -2],
  [1204481500, 4, -77012345, null, 11, 115030, 395851877, 4],
  [395851877, 3, -77012345, 115030, 17, 2043764022, -874851816, -3],
  [-1050109930, 134, 5099123, null, 471, 128535542, 1349027442, 34],
  [-388686102, 682, 70433, 623903050, 8842, 21112357, 234047268, -318],
  [505377802, 792, -143537, 1498912166, 6884, 2140113428, -482659138, 36],
  [332897914, 854, -30231, 1616956732, 10818, 1825761, 5874071, 854],
  [978847345, 212579, -654, 455082516, 577969, 199874382, 600855946, 212579],
  [1223372258, 1813937, -217, 1528960515, 7667213, 2145511894, -440412855, 1397709],
  [1833381763, 1733, 0, 1657564856, 2030, 1833381762, 1833381763, 1733],
  [1833381763, 1733, 0, 1657564857, 2029, 0, 1833381763, 1733],
  [-1833381763, 1733, 0, 489918791, 2030, 314101885, -1833381763, -1733],
  [-1833381763, 1733, 0, 489918790, 2029, 2147483647, -1833381763, -1733],
  [-1073741824, 1, 0, 2147483647, 2, 2147483647, -1073741824, -1],
  [500000, 1, -1000000, null, 67, 2083967295, -66000000, -1],
];

test.each(RECORDED)("LM,%d,%d,%d from accumulator %s ends as on a real board of 3.x", (...recorded) => {
  const [rate, steps, accel, start, ticks, accumulator, endRate, position] = recorded;
  const { axis, taken } = run("3.0.2", `,${rate},${steps},${accel},0,0,0,3`, start ?? undefined);
  expect([taken, axis.accumulator, axis.rate, axis.counter]).toEqual([ticks, accumulator, endRate, position]);
});

test("on 2.x a rate driven below zero wraps to the top and the motor runs at 25 kHz", () => {
  const { taken, axis } = run("2.8.1", ",10000000,100,-1000000,0,0,0,3");
  expect(axis.counter).toBe(100);
  // About ten ticks up, then no step for ten, then one step a tick.
  expect(taken).toBeGreaterThan(100);
  expect(taken).toBeLessThan(130);
});

test("2.5.3 adds the acceleration after the step test, so the first tick runs at the rate itself", () => {
  // 1150 M + 1050 M pass 2³¹ (2147 M) in tick 2; with half the acceleration first, 1100 M + 1000 M do not.
  expect(run("2.5.3", ",1150000000,1,-100000000,0,0,0", 0).taken).toBe(2);
  expect(run("2.8.1", ",1150000000,1,-100000000,0,0,0", 0).taken).toBe(3);
  expect(run("2.5.3", ",1073741824,1,0,0,0,0", 0).taken).toBe(2);
  expect(run("2.5.3", ",1073741824,1,0,0,0,0", 1073741824).taken).toBe(1);
});

function run(version: string, parameters: string, accumulator?: number) {
  const move = lowLevelMove(new Fields(parameters), simFirmware(version));
  if (move?.kind !== "steps") throw new Error("refused");
  const axis = new Axis(simFirmware(version).arithmetic);
  axis.load(accumulator === undefined ? move.axes[0] : { ...move.axes[0], accumulator });
  let taken = 0;
  for (; axis.stepsLeft > 0; taken++) axis.tick();
  return { axis, taken };
}
