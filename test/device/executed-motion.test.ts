import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExecutedMove } from "../../src/daemon/device/link/sim-mechanics.ts";
import { junctionSpeed } from "../../src/daemon/motion/junction.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { farthest, sample } from "../support/distance.ts";
import { BLACK, drawingOf, MOTION } from "../support/drawings.ts";
import { plotted } from "../support/plotted.ts";

/** What the board executes of what it is sent, move by move, against what the plan's limits allow. */

const { speedMmPerS, accelMmPerS2 } = BLACK;
const STEPS_PER_MM = 80;
const TICKS_PER_S = 25_000;

type Vector = readonly [x: number, y: number];
type Line = [number, number][];

/** Of the pen, from what the two motors do. */
function ofPen([motor1, motor2]: Vector): Vector {
  return [(motor1 + motor2) / 2 / STEPS_PER_MM, (motor1 - motor2) / 2 / STEPS_PER_MM];
}

function distance([ax, ay]: Vector, [bx, by]: Vector): number {
  return Math.hypot(ax - bx, ay - by);
}

function durationS({ startTick, endTick }: ExecutedMove): number {
  return (endTick - startTick) / TICKS_PER_S;
}

/** mm/s: whole steps make a speed uncertain by one step in the time of the move. */
function stepSpeed(move: ExecutedMove): number {
  return 1 / STEPS_PER_MM / durationS(move);
}

function turn(before: ExecutedMove, after: ExecutedMove): number {
  const [a, b] = [ofPen(before.steps), ofPen(after.steps)];
  const cos = (a[0] * b[0] + a[1] * b[1]) / Math.hypot(...a) / Math.hypot(...b);
  return Math.acos(Math.max(-1, Math.min(1, cos)));
}

/** What the speed of the pen may change by, at once, in a corner of `turnRad`. */
function allowedJump(turnRad: number): number {
  const speed = Math.min(speedMmPerS, junctionSpeed(turnRad, MOTION.junctionDeviationMm, accelMmPerS2));
  return 2 * speed * Math.sin(turnRad / 2);
}

/** Random walks of segments of up to `stepMm` that turn by up to `turnRad`. */
function walk(stepMm: number, turnRad: number): fc.Arbitrary<Line> {
  const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const steps = fc.array(fc.tuple(real(stepMm / 4, stepMm), real(-turnRad, turnRad)), {
    minLength: 5,
    maxLength: 30,
    size: "max",
  });
  return steps.map((all) => {
    let [x, y, heading] = [100, 100, 0];
    const line: Line = [[x, y]];
    for (const [mm, turned] of all) {
      heading += turned;
      x += mm * Math.cos(heading);
      y += mm * Math.sin(heading);
      line.push([x, y]);
    }
    return line;
  });
}

const drawing = fc.oneof(walk(0.2, 0.3), walk(0.3, 3), walk(1, 0.5), walk(2, 3), walk(10, 0.3), walk(10, 3));

describe.each(["2.5.3", "2.8.1", "3.0.2"])("on firmware %s", (firmware) => {
  test("random lines are inked within 0.05 mm, at legal rates and accelerations, with no jump but those of corners", async () => {
    await fc.assert(
      fc.asyncProperty(drawing, async (line) => {
        const { board, moves } = await plotted(planMotion(drawingOf(line), MOTION), firmware);
        const ink = board.ink();
        expect(farthest(sample(ink, 0.1), [line.flat()])).toBeLessThan(0.05);
        expect(farthest(sample([line.flat()], 0.1), ink)).toBeLessThan(0.05);
        expect(board.starvations).toBe(0);
        for (const move of moves) {
          const rates = [...move.startStepsPerS, ...move.endStepsPerS].map(Math.abs);
          expect(Math.max(...rates)).toBeLessThanOrEqual(25_000);
        }
        for (const [i, move] of moves.entries()) {
          if (!move.penTouches) continue;
          const steps = Math.max(...move.steps.map(Math.abs));
          const accel = distance(ofPen(move.startStepsPerS), ofPen(move.endStepsPerS)) / durationS(move);
          expect(accel).toBeLessThan(accelMmPerS2 * (1.03 + 1.3 / steps));
          const before = moves[i - 1];
          if (!before?.penTouches) continue;
          const jump = distance(ofPen(before.endStepsPerS), ofPen(move.startStepsPerS));
          const uncertain = stepSpeed(before) + stepSpeed(move);
          expect(jump).toBeLessThan(allowedJump(turn(before, move)) + 2 * uncertain + 0.1);
        }
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    [0, "along x"],
    [0.05, "almost along x"],
    [Math.PI / 6, "at 30°"],
    [Math.PI / 4, "at 45°, with one motor"],
  ])(
    "a line of 80 mm (%f rad, %s) is accelerated within 5 %% of 200 mm/s² and never jumps by 0.6 mm/s",
    async (angle) => {
      const end: [number, number] = [10 + 80 * Math.cos(angle), 10 + 80 * Math.sin(angle)];
      const { moves, tookS } = await plotted(planMotion(drawingOf([[10, 10], end]), MOTION), firmware);
      const drawn = moves.filter((move) => move.penTouches);
      let before: Vector = [0, 0];
      for (const move of drawn) {
        const [start, stop] = [ofPen(move.startStepsPerS), ofPen(move.endStepsPerS)];
        expect(distance(start, stop) / durationS(move)).toBeLessThan(1.05 * accelMmPerS2);
        expect(distance(before, start)).toBeLessThan(0.6);
        before = stop;
      }
      // 80 mm at 50 mm/s and 200 mm/s² take 1.85 s; the way there and back are travels of 14.1 and up to 91 mm.
      const drawS = drawn.reduce((sum, move) => sum + durationS(move), 0);
      expect(Math.abs(drawS - 1.85)).toBeLessThan(0.01);
      expect(tookS).toBeLessThan(4);
    },
  );
});
