import fc from "fast-check";
import { expect, test } from "vitest";
import { createEbbPlotter } from "../../../src/daemon/device/ebb/ebb-plotter.ts";
import { jerkAxis } from "../../../src/daemon/device/ebb/jerk-axis.ts";
import { SimBoard } from "../../../src/daemon/device/link/sim-board.ts";
import { createSimLink } from "../../../src/daemon/device/link/sim-link.ts";
import type { ExecutedMove } from "../../../src/daemon/device/link/sim-mechanics.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import type { Slice } from "../../../src/daemon/device/plotter.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { sentCommands } from "../../support/sent-commands.ts";

const model = machineModel("axidraw_v3");
const never = new AbortController().signal;
const STEP = 2 ** 31;

/** The board's own sum, tick by tick, from a cleared accumulator. @returns ticks until all steps are made, and rates on the way */
function count(rate: number, steps: number, accel: number, jerk: number) {
  const mirrored = steps < 0 ? -jerk : jerk;
  let [now, change, sum, made, ticks] = [
    rate - Math.trunc(accel / 2) + Math.trunc(mirrored / 6),
    accel,
    0,
    0,
    0,
  ];
  const rates: number[] = [];
  for (; made < Math.abs(steps); ticks++) {
    if (ticks > 100_000) throw new Error("the move never ends");
    change += mirrored;
    now += change;
    rates.push(now);
    sum += now;
    if (sum >= STEP) {
      sum -= STEP;
      made++;
    }
  }
  return { ticks, rates };
}

test("any move with a jerk makes its steps in its time, from its first speed to its last, at 0 to 25,000 steps/s", () => {
  const move = fc.record({
    steps: fc.integer({ min: -600, max: 600 }).filter((steps) => steps !== 0),
    ticks: fc.integer({ min: 150, max: 1250 }),
    start: fc.double({ min: 0, max: 2, noNaN: true }),
    bend: fc.double({ min: -2, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(move, ({ steps, ticks, start, bend }) => {
      const shape = { start, end: 2 - start + bend / 6, jerk: bend };
      fc.pre(shape.end >= 0);
      const axis = jerkAxis(steps, ticks, shape);
      if (!axis) return;
      const { ticks: taken, rates } = count(axis.rate, axis.steps, axis.accel, axis.jerk);
      expect(taken).toBe(axis.ticks);
      expect(axis.rate).toBeGreaterThanOrEqual(0);
      expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...rates)).toBeLessThan(STEP);
      // Whole numbers gain up to a tick's share too much, which a slow end turns into some ticks less.
      expect(ticks - taken).toBeLessThan(2 + 0.1 * ticks);
      const gain = Math.abs(steps) * STEP;
      const mean = gain / ticks;
      // A jerk rounded to a whole number bends the speed a little more or less.
      const uncertain = 6 / ticks + ticks ** 3 / (4 * gain);
      expect(Math.abs(rates[0]! / mean - shape.start)).toBeLessThan(uncertain);
      expect(Math.abs(rates.at(-1)! / mean - shape.end)).toBeLessThan(
        uncertain + (3 * (ticks - taken)) / ticks,
      );
    }),
    { numRuns: 500 },
  );
});

/** 12.5 mm from rest to 50 mm/s in 0.5 s: the acceleration rises to 200 mm/s² at 800 mm/s³, and falls again. */
function softStart(): Slice[] {
  const [stepS, jerk] = [0.025, 800];
  const slices: Slice[] = [];
  let [x, speed, accel] = [0, 0, 0];
  for (let i = 0; i < 20; i++) {
    const jerkMmPerS3 = i < 10 ? jerk : -jerk;
    x += speed * stepS + (accel * stepS ** 2) / 2 + (jerkMmPerS3 * stepS ** 3) / 6;
    const endMmPerS = speed + accel * stepS + (jerkMmPerS3 * stepS ** 2) / 2;
    slices.push({ to: { x, y: 0 }, durationS: stepS, startMmPerS: speed, endMmPerS, jerkMmPerS3 });
    accel += jerkMmPerS3 * stepS;
    speed = endMmPerS;
  }
  return slices;
}

test.each([
  ["3.0.2", "L3"],
  ["2.8.1", "LM"],
])(
  "on firmware %s a soft start to 50 mm/s is sent as %s, and its speeds follow the plan",
  async (firmware, name) => {
    const clock = new FakeClock();
    const board = new SimBoard({ clock, model, firmware });
    const link = createSimLink(board);
    const sent = sentCommands(link);
    const plotter = createEbbPlotter({ link, model, clock });
    await clock.runUntil(plotter.open(never));
    const moves: ExecutedMove[] = [];
    board.onMove((move) => moves.push(move));
    const draw = async () => {
      for (const slice of softStart()) await plotter.move(slice);
      await plotter.drained(never);
    };
    await clock.runUntil(draw());
    const motion = sent.filter((command) => /^L[M3],/.test(command));
    expect(new Set(motion.map((command) => command.slice(0, 2))).has(name)).toBe(true);
    if (name === "LM") expect(motion.every((command) => command.startsWith("LM"))).toBe(true);
    // Half of 0.5 s at 50 mm/s.
    expect(board.position.x).toBeCloseTo(12.5, 2);
    expect(moves.reduce((sum, { startTick, endTick }) => sum + endTick - startTick, 0) / 25_000).toBeCloseTo(
      0.5,
      2,
    );
    let before = 0;
    for (const { startStepsPerS, endStepsPerS } of moves) {
      expect(Math.abs(startStepsPerS[0] - before)).toBeLessThan(80);
      before = endStepsPerS[0];
    }
    expect(Math.abs(before - 4000)).toBeLessThan(60);
  },
);

test("firmware before 3 does not know L3", () => {
  const board = new SimBoard({ clock: new FakeClock(), model, firmware: "2.8.1", instant: true });
  let told = "";
  board.onData = (text) => {
    told += text;
  };
  board.receive("L3,1000000,10,0,0,1000000,10,0,0,3\r");
  expect(told).toContain("!8 Err: Unknown command 'L3:4C33'");
});
