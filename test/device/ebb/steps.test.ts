import fc from "fast-check";
import { expect, test } from "vitest";
import { capabilities } from "../../../src/daemon/device/ebb/firmware.ts";
import { pointOf, type StepMove, StepPlanner, stepsOf } from "../../../src/daemon/device/ebb/steps.ts";
import type { Slice } from "../../../src/daemon/device/plotter.ts";

const STEPS_PER_MM = 80;
const FIRMWARES = ["2.5.3", "2.6.5", "2.7.0", "2.8.1", "3.0.2"];

/** The board's own arithmetic, tick by tick, as its documentation gives it; a reference, so slow and plain. */
class Board {
  readonly accumulators: [number, number] = [0, 0];
  readonly counters: [number, number] = [0, 0];
  fastest = 0;
  slowest = Infinity;
  readonly #isNew: boolean;

  constructor(version: string) {
    this.#isNew = version >= "2.7";
  }

  /** @returns ticks to the start of the next move */
  run({ parameters }: StepMove): number {
    const [rate1, steps1, accel1, rate2, steps2, accel2, clear] = parameters as number[];
    if (clear === 3) this.accumulators.fill(0);
    const first = this.#axis(0, rate1!, steps1!, accel1!);
    const second = this.#axis(1, rate2!, steps2!, accel2!);
    return Math.max(first, second) + (this.#isNew ? 0 : 1);
  }

  #axis(axis: 0 | 1, start: number, steps: number, accel: number): number {
    let rate = this.#isNew ? start - Math.trunc(accel / 2) : start;
    let left = Math.abs(steps);
    let ticks = 0;
    for (; left > 0; ticks++) {
      if (ticks > 1_000_000) throw new Error("the move never ends");
      if (this.#isNew) rate += accel;
      this.fastest = Math.max(this.fastest, rate);
      this.slowest = Math.min(this.slowest, rate);
      this.accumulators[axis] += rate;
      if (this.accumulators[axis] >= 2 ** 31) {
        this.accumulators[axis] -= 2 ** 31;
        this.counters[axis] += Math.sign(steps);
        left--;
      }
      if (!this.#isNew) rate += accel;
    }
    return ticks;
  }
}

interface RandomSlice {
  durationMs: number;
  endMmPerS: number;
  turn: number;
}

/** Strokes of slices whose speeds join, at most `fastest` mm/s. */
function randomWalk(fastest: number): fc.Arbitrary<RandomSlice[]> {
  // Whole hundredths: fc.double would give mostly speeds next to nothing.
  const hundredths = (min: number, max: number) =>
    fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
  const slice = fc.record({
    durationMs: hundredths(4, 50),
    endMmPerS: fc.oneof(fc.constantFrom(0, 0.01, fastest), hundredths(0, fastest)),
    turn: hundredths(-3, 3),
  });
  return fc.array(slice, { minLength: 1, maxLength: 60, size: "max" });
}

/** Its speed changes by at most 10 mm/s in a ms: fifty times what a plotter does. */
function walk(random: RandomSlice[]): Slice[] {
  let [x, y, heading, speed] = [100, 100, 0, 0];
  return random.map(({ durationMs, endMmPerS: wanted, turn }) => {
    heading += turn;
    const endMmPerS = Math.min(speed + 10 * durationMs, Math.max(speed - 10 * durationMs, wanted));
    const length = ((speed + endMmPerS) / 2) * (durationMs / 1000);
    x += length * Math.cos(heading);
    y += length * Math.sin(heading);
    const slice = { to: { x, y }, durationS: durationMs / 1000, startMmPerS: speed, endMmPerS };
    speed = endMmPerS;
    return slice;
  });
}

function plannerAt(version: string, x: number, y: number): StepPlanner {
  return new StepPlanner(STEPS_PER_MM, capabilities(version), stepsOf({ x, y }, STEPS_PER_MM));
}

for (const version of FIRMWARES) {
  test(`on firmware ${version} any walk ends on its exact steps, each move in its time, at rates from 0 to 25,000 steps/s`, () => {
    fc.assert(
      fc.property(randomWalk(200), (random) => {
        const planner = plannerAt(version, 100, 100);
        const board = new Board(version);
        const start = stepsOf({ x: 100, y: 100 }, STEPS_PER_MM);
        let [wantedTicks, takenTicks] = [0, 0];
        for (const slice of walk(random)) {
          wantedTicks += slice.durationS * 25_000;
          const move = planner.plan(slice);
          if (!move) continue;
          const taken = board.run(move);
          expect(taken).toBe(move.ticks);
          takenTicks += taken;
          const steps = stepsOf(slice.to, STEPS_PER_MM);
          expect(start.motor1 + board.counters[0]).toBe(steps.motor1);
          expect(start.motor2 + board.counters[1]).toBe(steps.motor2);
          // Rates are whole numbers: T ticks gain up to T too much, which a slow end of 2³¹/T² a tick makes r ticks
          // early, r² × 2³¹/T² < T: one tick at 50 ms. The next move is given that time.
          const early = Math.sqrt(move.ticks ** 3 / 2 ** 31);
          // A move ends up to 1 ms sooner or later, on the whole step it makes.
          expect(Math.abs(takenTicks - wantedTicks)).toBeLessThanOrEqual(2 + early + 25);
          expect(`LM,${move.parameters.join(",")}\r`.length).toBeLessThanOrEqual(64);
        }
        expect(board.slowest).toBeGreaterThanOrEqual(0);
        expect(board.fastest).toBeLessThan(2 ** 31);
      }),
      { numRuns: 100 },
    );
  });

  test(`on firmware ${version} slices faster than 25,000 steps/s are slowed to it and still end on their steps`, () => {
    fc.assert(
      fc.property(randomWalk(900), (random) => {
        const planner = plannerAt(version, 100, 100);
        const board = new Board(version);
        for (const slice of walk(random)) {
          const move = planner.plan(slice);
          if (!move) continue;
          expect(board.run(move)).toBe(move.ticks);
          const [rate1, , , rate2] = move.parameters as number[];
          expect(Math.min(rate1!, rate2!)).toBeGreaterThanOrEqual(0);
          expect(Math.max(rate1!, rate2!)).toBeLessThan(2 ** 31);
        }
        expect(board.slowest).toBeGreaterThanOrEqual(0);
        expect(board.fastest).toBeLessThan(2 ** 31);
      }),
      { numRuns: 60 },
    );
  });
}

test("10 mm in x at a steady 50 mm/s is 800 steps of both motors at 4,000 steps/s", () => {
  const planner = plannerAt("2.8.1", 0, 0);
  const slice = { to: { x: 10, y: 0 }, durationS: 0.2, startMmPerS: 50, endMmPerS: 50 };
  const rate = 343_597_384; // 4,000 × 2³¹ / 25,000, rounded up
  expect(planner.plan(slice)).toEqual({
    command: "LM",
    parameters: [rate, 800, 0, rate, 800, 0, 3],
    ticks: 5000,
  });
});

test("10 mm in y turn motor 1 forwards and motor 2 backwards", () => {
  const planner = plannerAt("2.8.1", 0, 0);
  const move = planner.plan({ to: { x: 0, y: 10 }, durationS: 0.2, startMmPerS: 50, endMmPerS: 50 });
  expect([move!.parameters[1], move!.parameters[4]]).toEqual([800, -800]);
});

test("firmware that cannot clear its accumulators is not sent the parameter for it", () => {
  const slice = { to: { x: 1, y: 0 }, durationS: 0.02, startMmPerS: 50, endMmPerS: 50 };
  expect(plannerAt("2.6.5", 0, 0).plan(slice)!.parameters).toHaveLength(6);
  expect(plannerAt("2.7.0", 0, 0).plan(slice)!.parameters).toHaveLength(7);
});

test("10,000 strokes out and back by fractions of a step end on the very step they began on", () => {
  const planner = plannerAt("2.5.3", 0, 0);
  const board = new Board("2.5.3");
  const slice = (x: number, y: number) => ({ to: { x, y }, durationS: 0.01, startMmPerS: 30, endMmPerS: 30 });
  for (let i = 0; i < 10_000; i++) {
    for (const [x, y] of [
      [0.307, 0.111],
      [0.113 + i * 1e-7, 0.2],
      [0, 0],
    ] as const) {
      const move = planner.plan(slice(x, y));
      if (move) expect(board.run(move)).toBe(move.ticks);
    }
  }
  expect(board.counters).toEqual([0, 0]);
});

test.each(FIRMWARES)(
  "on firmware %s 1,000 slices of 150.4 ticks take 150,400 ticks, not 150,000",
  (version) => {
    const planner = plannerAt(version, 0, 0);
    const board = new Board(version);
    let ticks = 0;
    for (let i = 1; i <= 1000; i++) {
      const to = { x: i * 0.3, y: 0 };
      ticks += board.run(planner.plan({ to, durationS: 150.4 / 25_000, startMmPerS: 50, endMmPerS: 50 })!);
    }
    expect(Math.abs(ticks - 150_400)).toBeLessThanOrEqual(1);
  },
);

test("slices too short for a step give no move, and their time is in the next one", () => {
  const planner = plannerAt("3.0.2", 0, 0);
  const creep = (x: number) =>
    planner.plan({ to: { x, y: 0 }, durationS: 0.006, startMmPerS: 0.5, endMmPerS: 0.5 });
  expect(creep(0.003)).toBeUndefined();
  expect(creep(0.006)).toBeUndefined();
  expect(planner.owedMs).toBeCloseTo(12, 6);
  expect(creep(0.009)).toMatchObject({ ticks: 450 });
  expect(planner.owedMs).toBe(0);
});

test("the time of a dot can be taken out and is then not spent twice", () => {
  const planner = plannerAt("3.0.2", 0, 0);
  planner.plan({ to: { x: 0.001, y: 0 }, durationS: 0.0105, startMmPerS: 0, endMmPerS: 0 });
  expect(planner.takeOwedMs()).toBe(10);
  expect(planner.takeOwedMs()).toBe(0);
  const move = planner.plan({ to: { x: 1, y: 0 }, durationS: 0.02, startMmPerS: 50, endMmPerS: 50 });
  expect(Math.abs(move!.ticks - 500 - 12.5)).toBeLessThanOrEqual(1);
});

test("steps and mm are each other's inverse on whole steps", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -40_000, max: 40_000 }),
      fc.integer({ min: -40_000, max: 40_000 }),
      (motor1, motor2) => {
        expect(stepsOf(pointOf({ motor1, motor2 }, STEPS_PER_MM), STEPS_PER_MM)).toEqual({ motor1, motor2 });
      },
    ),
  );
});
