import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openPlan } from "../../src/daemon/device/plan-file.ts";
import { progressAt } from "../../src/daemon/device/progress.ts";
import { pieceAt, speedAt } from "../../src/daemon/device/stroke-pieces.ts";
import { readStretch } from "../../src/daemon/device/stroke-reader.ts";
import { keepPlan } from "../../src/daemon/jobs/keep-plan.ts";
import { strokeProfile } from "../../src/daemon/motion/path-profile.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { decodePlan, encodePlan, planHash } from "../../src/daemon/motion/plan-codec.ts";
import { writePlan } from "../../src/daemon/motion/plan-writer.ts";
import { dataDir } from "../support/data-dir.ts";
import { farthest, sample } from "../support/distance.ts";
import { BLACK, drawingOf, MOTION } from "../support/drawings.ts";
import { encodePlan1 } from "../support/old-plan.ts";
import { plotted } from "../support/plotted.ts";

/** 9,000 points of a wavy spiral some 0.05 mm apart, with a sharp corner every 700; before and after it short strokes. */
const SPIRAL = Array.from({ length: 9000 }, (_, i): [number, number] => {
  const r = 20 + i / 300 + (Math.floor(i / 700) % 2 === 0 ? 0.02 * (i % 700) : 14 - 0.02 * (i % 700));
  return [100 + r * Math.cos(i / 800), 100 + r * Math.sin(i / 800)];
});
const PLAN = planMotion(
  drawingOf(
    [
      [0, 0],
      [10, 5],
    ],
    SPIRAL,
    [[3, 3]],
  ),
  MOTION,
);

async function kept(isOld = false) {
  const file = join(dataDir(), "plan.bin");
  const hash = isOld
    ? writeFileSync(file, encodePlan1(PLAN))
    : keepPlan(file, (write) => writePlan(PLAN, write));
  return { file, hash };
}

test("a plan written to disk piece by piece is the one encoded at once, under the same name", async () => {
  const { file, hash } = await kept();
  expect(hash).toBe(planHash(encodePlan(PLAN)));
  const plan = await openPlan(file);
  expect(plan.strokeCount).toBe(3);
  expect(await plan.stroke(2)).toMatchObject({ firstPoint: 9002, pointCount: 1, lengthMm: 0 });
  await plan.close();
});

describe.each([
  ["as it is written now", false],
  ["in the first format", true],
])("a plan %s", (_, isOld) => {
  test("is read in pieces that hold what the whole one does", async () => {
    const plan = await openPlan((await kept(isOld)).file);
    const { points } = strokeProfile(PLAN, 1, 0, 0.127);
    const stroke = await plan.stroke(1);
    const { path } = await readStretch(plan, stroke, 0, { points: 9000, mm: 1000 });
    expect(path.points).toEqual(points);
    const whole = decodePlan(encodePlan(PLAN));
    expect(stroke.startS).toBe(whole.strokeStartS[1]);
    expect((await progressAt(plan, { move: 12, mm: 0 })).inkMm).toBeCloseTo(PLAN.totals.inkMm, 6);
    await plan.close();
  });
});

test.each([
  [100, "its end is missing"],
  [20, "its end is missing"],
  [3, "it does not begin like one"],
  [0, "it does not begin like one"],
])("a plan of which %i bytes are left is refused: %s", async (bytes, why) => {
  const { file } = await kept();
  truncateSync(file, bytes);
  await expect(openPlan(file)).rejects.toMatchObject({ code: "plan.unreadable" });
  await expect(openPlan(file)).rejects.toThrow(why);
});

test("a plan of which a page was never written is refused", async () => {
  const { file } = await kept();
  const bytes = encodePlan(PLAN);
  bytes.fill(0, 4096, 8192);
  writeFileSync(file, bytes);
  await expect(openPlan(file)).rejects.toThrow("it was changed or written only in part");
});

test("drawn in pieces, a stroke has the speeds of the whole, begun anywhere and with any pen", async () => {
  const plan = await openPlan((await kept()).file);
  const stroke = await plan.stroke(1);
  const run = fc.record({
    share: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.99, noNaN: true })),
    speedMmPerS: fc.constantFrom(BLACK.speedMmPerS, 20, 80),
    sliceMm: fc.double({ min: 0, max: 2, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ share, speedMmPerS, sliceMm }) => {
      const pen = { ...BLACK, speedMmPerS };
      const runStartMm = share * stroke.lengthMm;
      const whole = await wholeFrom(runStartMm, speedMmPerS);
      const settings = { plan, stroke, runStartMm, pen, junctionDeviationMm: 0.127 };
      let [fromMm, entry, pieces] = [runStartMm, 0, 0];
      for (; ; pieces++) {
        const piece = await pieceAt(settings, fromMm, entry);
        const endMm = piece.isLast ? piece.untilMm : piece.untilMm + sliceMm;
        for (let mm = 0; mm <= endMm; mm += 0.37) {
          const wanted = speedAt(whole, fromMm - runStartMm + mm);
          expect(speedAt(piece.path, mm)).toBeCloseTo(wanted, 4);
          const [here, there] = [piece.path.pointAt(mm), whole.pointAt(fromMm - runStartMm + mm)];
          expect(Math.hypot(here.x - there.x, here.y - there.y)).toBeLessThan(1e-6);
        }
        expect(piece.path.speeds.length).toBeLessThan(6000);
        if (piece.isLast) break;
        entry = speedAt(piece.path, endMm);
        fromMm += endMm;
      }
      expect(fromMm).toBeLessThan(stroke.lengthMm);
      if (share === 0) expect(pieces).toBeGreaterThan(1);
    }),
    { numRuns: 25 },
  );
  await plan.close();
});

/** The rest of the long stroke from there on, settled in one go. */
async function wholeFrom(fromMm: number, speedMmPerS: number) {
  const pens = [{ ...BLACK, speedMmPerS }];
  const plan = planMotion(drawingOf([[0, 0]], SPIRAL), { ...MOTION, pens });
  return strokeProfile(plan, 1, fromMm, 0.127);
}

test("a stroke of 9,000 points, drawn piece by piece with three pauses, is whole, in its time, and never starves", async () => {
  const { board, tookS } = await plotted(PLAN, "2.8.1", [3, 7.3, 11.5]);
  const truth = [[0, 0, 10, 5], SPIRAL.flat(), [3, 3]];
  const ink = board.ink();
  const some = (lines: ArrayLike<number>[]) => [...sample(lines, 1)].filter((_, i) => i % 20 === 0);
  expect(farthest(some(ink), truth)).toBeLessThan(0.05);
  expect(farthest(some(truth), ink)).toBeLessThan(0.05);
  for (const i of [2, 3, 4]) {
    const [before, after] = [ink[i - 1]!, ink[i]!];
    expect(Math.hypot(after[0]! - before.at(-2)!, after[1]! - before.at(-1)!)).toBeLessThan(0.05);
  }
  expect(ink).toHaveLength(6);
  expect(board.starvations).toBe(0);
  // A pause costs a stop and a start at 50 mm/s and 200 mm/s², a lift and a drop: 0.49 s each.
  expect(Math.abs(tookS - PLAN.totals.durationS - 3 * 0.49)).toBeLessThan(0.02 * PLAN.totals.durationS);
});
