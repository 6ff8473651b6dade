import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepsOf } from "../../src/daemon/device/ebb/steps.ts";
import type { ExecutedMove } from "../../src/daemon/device/link/sim-mechanics.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { drawingOf, MOTION } from "../support/drawings.ts";
import { plotted } from "../support/plotted.ts";

/** Jerk-limited travels as the board executes them. A dot is a stroke without a way: all that moves the motors are travels. */

const STEPS_PER_MM = 80;

type Line = [number, number][];

/** The sweep of the servo when a pen is taken. */
const PEN_UP_S = 0.12;

function soft(jerkMmPerS3: number) {
  return { ...MOTION, penUp: { speedMmPerS: 200, accelMmPerS2: 400, jerkMmPerS3 } };
}

function durationS({ startTick, endTick }: ExecutedMove): number {
  return (endTick - startTick) / 25_000;
}

function travelS(moves: readonly ExecutedMove[]): number {
  return moves.reduce((sum, move) => sum + durationS(move), 0);
}

/** Of the pen, mm/s. */
function speed([motor1, motor2]: readonly [number, number]): number {
  return Math.hypot((motor1 + motor2) / 2, (motor1 - motor2) / 2) / STEPS_PER_MM;
}

/** mm/s: whole steps make a speed uncertain by one step in the time of the move. */
function stepSpeed(move: ExecutedMove): number {
  return 1 / STEPS_PER_MM / durationS(move);
}

/** Where both motors stand after each move. */
function places(moves: readonly ExecutedMove[]): string[] {
  let [motor1, motor2] = [0, 0];
  return moves.map(({ steps }) => {
    motor1 += steps[0];
    motor2 += steps[1];
    return `${motor1},${motor2}`;
  });
}

describe.each(["2.5.3", "2.8.1", "3.0.2"])("on firmware %s", (firmware) => {
  test.each([
    [160, 120, "at 37°"],
    [200, 0, "along x"],
    [190, 62.45, "at 18°"],
  ])(
    "a travel of 200 mm to %f, %f (%s) takes its planned 1.6 s, at most 400 mm/s² and no jump of the speed",
    async (x, y) => {
      const plan = planMotion(drawingOf([[x, y]]), soft(4000));
      const { moves, sent } = await plotted(plan, firmware);
      expect(plan.totals.travelS).toBeCloseTo(3.2, 4);
      expect(Math.abs(travelS(moves) - 3.2)).toBeLessThan(0.002);
      let [before, uncertainBefore] = [0, 0];
      for (const move of moves) {
        const [start, end] = [speed(move.startStepsPerS), speed(move.endStepsPerS)];
        const uncertain = stepSpeed(move);
        expect(Math.abs(start - before)).toBeLessThan(2 * (uncertainBefore + uncertain) + 0.1);
        expect(Math.abs(end - start) / durationS(move)).toBeLessThan(402);
        [before, uncertainBefore] = [end, uncertain];
      }
      // Each way three slices of 33 ms in each of four phases; firmware 3 bends them.
      const bent = sent.filter((command) => command.startsWith("L3,"));
      expect(bent).toHaveLength(firmware === "3.0.2" ? 24 : 0);
    },
  );

  test("random travels end on the very step, in the planned time", async () => {
    const place = fc.integer({ min: 0, max: 2000 }).map((tenths) => tenths / 10);
    const jerk = fc.double({ min: 500, max: 60_000, noNaN: true });
    const all = fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(all, jerk, async (dots, jerkMmPerS3) => {
        const plan = planMotion(drawingOf(...dots.map((dot): Line => [dot])), soft(jerkMmPerS3));
        const { board, moves, tookS } = await plotted(plan, firmware);
        expect(board.position).toEqual({ x: 0, y: 0 });
        const stood = ["0,0", ...places(moves)];
        for (const [x, y] of dots) {
          const { motor1, motor2 } = stepsOf({ x, y }, STEPS_PER_MM);
          expect(stood).toContain(`${motor1},${motor2}`);
        }
        // Below a step there is nothing to move: the pen has that time.
        expect(Math.abs(tookS - PEN_UP_S - plan.totals.durationS)).toBeLessThan(0.05);
      }),
      { numRuns: 12 },
    );
  });

  test("paused in the middle of a travel of 200 mm it stands within the 0.6 s of a ramp, and goes on to the very step", async () => {
    const plan = planMotion(drawingOf([[160, 120]]), soft(4000));
    const { board, moves } = await plotted(plan, firmware, [0.5]);
    const ends = moves.map((move) => speed(move.endStepsPerS));
    const rest = ends.findIndex((mmPerS, i) => mmPerS < 0.01 && i > 3);
    const stoodAtS = travelS(moves.slice(0, rest + 1));
    expect(stoodAtS).toBeGreaterThan(1);
    expect(stoodAtS).toBeLessThan(0.5 + 0.25 + 0.08 + 0.6);
    expect(places(moves)).toContain("22400,3200");
    expect(board.position).toEqual({ x: 0, y: 0 });
    for (const move of moves) {
      const accel = Math.abs(speed(move.endStepsPerS) - speed(move.startStepsPerS)) / durationS(move);
      expect(accel).toBeLessThan(402);
    }
  });
});
