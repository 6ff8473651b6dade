import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepsOf } from "../../src/daemon/device/ebb/steps.ts";
import type { ExecutedMove } from "../../src/daemon/device/link/sim-mechanics.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { drawingOf, MOTION } from "../support/drawings.ts";
import { plotted } from "../support/plotted.ts";

/** Jerk-limited travels as the board executes them. A dot is a stroke without a way: all that moves the motors are travels. */

const STEPS_PER_MM = 80;

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
    [[160, 120], "at 37°"],
    [[200, 0], "along x"],
    [[190, 62.45], "at 18°"],
  ] as const)(
    "a travel of 200 mm (to %j, %s) takes its planned 1.6 s, and its speed never jumps by 0.6 mm/s",
    async ([x, y]) => {
      const plan = planMotion(drawingOf([[x, y]]), soft(4000));
      const { moves } = await plotted(plan, firmware);
      expect(plan.totals.travelS).toBeCloseTo(3.2, 4);
      expect(Math.abs(travelS(moves) - 3.2)).toBeLessThan(0.002);
      let before = 0;
      let [worstJump, worstAccel, most] = [0, 0, 0];
      for (const move of moves) {
        const [start, end] = [speed(move.startStepsPerS), speed(move.endStepsPerS)];
        worstJump = Math.max(worstJump, Math.abs(start - before));
        worstAccel = Math.max(worstAccel, Math.abs(end - start) / durationS(move));
        most = Math.max(most, end);
        before = end;
      }
      console.log(firmware, x, y, worstJump, worstAccel, most, before, moves.length, travelS(moves));
    },
  );

  test("random travels end on the very step, in the planned time", async () => {
    const place = fc.double({ min: 0, max: 200, noNaN: true });
    const jerk = fc.double({ min: 500, max: 60_000, noNaN: true });
    const dots = fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(dots, jerk, async (dots, jerkMmPerS3) => {
        const plan = planMotion(
          drawingOf(...dots.map((dot): [number, number][] => [dot])),
          soft(jerkMmPerS3),
        );
        const { board, moves } = await plotted(plan, firmware);
        expect(board.position).toEqual({ x: 0, y: 0 });
        const stood = places(moves);
        for (const [x, y] of dots) {
          const { motor1, motor2 } = stepsOf({ x, y }, STEPS_PER_MM);
          if (motor1 !== 0 || motor2 !== 0) expect(stood).toContain(`${motor1},${motor2}`);
        }
        expect(Math.abs(travelS(moves) - plan.totals.travelS)).toBeLessThan(0.005 * dots.length);
      }),
      { numRuns: 15 },
    );
  });
});
