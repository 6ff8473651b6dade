import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { travelProfile } from "../../src/daemon/motion/path-profile.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { decodePlan, encodePlan } from "../../src/daemon/motion/plan-codec.ts";
import { brakeAlong, type PathSlice, slicePath } from "../../src/daemon/motion/slices.ts";
import { softBlocks, softStop } from "../../src/daemon/motion/soft-blocks.ts";
import type { Block } from "../../src/daemon/motion/trapezoid.ts";
import { travelTimeS } from "../../src/daemon/motion/travel-time.ts";
import { type SoftLimits, sCurve, sCurveS } from "../../src/daemon/s-curve.ts";
import { drawingOf, MOTION } from "../support/drawings.ts";

const SOFT: SoftLimits = { speedMmPerS: 200, accelMmPerS2: 400, jerkMmPerS3: 4000 };
const SLICES = { minS: 0.006, maxS: 0.04 };

/** With a jerk that takes 6 ms to 2 s to the highest acceleration: settings never ask for less. */
const limits = fc
  .record({
    speedMmPerS: fc.double({ min: 5, max: 400, noNaN: true }),
    accelMmPerS2: fc.double({ min: 50, max: 4000, noNaN: true }),
    jerkS: fc.double({ min: 0.006, max: 2, noNaN: true }),
  })
  .map(({ jerkS, ...plain }) => ({ ...plain, jerkMmPerS3: plain.accelMmPerS2 / jerkS }));
const length = fc.oneof(
  fc.double({ min: 0.001, max: 1, noNaN: true }),
  fc.double({ min: 1, max: 500, noNaN: true }),
);

function sum(blocks: readonly Block[], what: "durationS" | "lengthMm"): number {
  return blocks.reduce((total, block) => total + block[what], 0);
}

/** By what shares of its limits a block's speed, acceleration and jerk go beyond them at any instant; 0 within. */
function excess(block: Block, { speedMmPerS, accelMmPerS2, jerkMmPerS3 }: SoftLimits): number {
  const { durationS, startMmPerS, endMmPerS, jerkMmPerS3: jerk = 0 } = block;
  const endAccel = (endMmPerS - startMmPerS) / durationS + (jerk * durationS) / 2;
  const startAccel = endAccel - jerk * durationS;
  // The speed of a block is highest and lowest at its ends, or where its acceleration is 0.
  const turnS = jerk === 0 ? 0 : Math.min(durationS, Math.max(0, -startAccel / jerk));
  const turn = startMmPerS + startAccel * turnS + (jerk * turnS ** 2) / 2;
  const accel = Math.max(Math.abs(startAccel), Math.abs(endAccel));
  return Math.max(
    ...[startMmPerS, endMmPerS, turn]
      .flatMap((speed) => [-speed, speed - speedMmPerS])
      .map((by) => by / speedMmPerS),
    // An acceleration is a difference of speeds, with their rounding, over a time that may be very short.
    (accel - accelMmPerS2 - 1e-10 / durationS) / accelMmPerS2,
    (Math.abs(jerk) - jerkMmPerS3) / jerkMmPerS3,
    0,
  );
}

function mostExcess(blocks: readonly Block[], soft: SoftLimits): number {
  return Math.max(0, ...blocks.map((block) => excess(block, soft)));
}

describe("at 200 mm/s, 400 mm/s² and 4,000 mm/s³", () => {
  test("200 mm take 1.6 s: two ramps of 0.6 s over 60 mm each, and 80 mm at full speed", () => {
    const { peakMmPerS, jerkS, evenS, cruiseS } = sCurve(200, SOFT);
    expect([peakMmPerS, jerkS, evenS].map((each) => Number(each.toFixed(12)))).toEqual([200, 0.1, 0.4]);
    expect(cruiseS).toBeCloseTo(0.4, 12);
    expect(sCurveS(200, SOFT)).toBeCloseTo(1.6, 12);
    expect(softBlocks(200, SOFT)).toHaveLength(7);
  });

  test("35 mm take 0.7 s and have no cruise: 0.1 s to 400 mm/s², 0.15 s there, 0.1 s back, at 100 mm/s", () => {
    const { peakMmPerS, jerkS, evenS, cruiseS } = sCurve(35, SOFT);
    expect(peakMmPerS).toBeCloseTo(100, 9);
    expect(jerkS).toBeCloseTo(0.1, 12);
    expect(evenS).toBeCloseTo(0.15, 9);
    expect(cruiseS).toBe(0);
    expect(softBlocks(35, SOFT)).toHaveLength(6);
  });

  test("1 mm takes 0.2 s in four phases of 50 ms, at 10 mm/s in its middle", () => {
    const blocks = softBlocks(1, SOFT);
    expect(blocks.map(({ durationS }) => Number(durationS.toFixed(12)))).toEqual([0.05, 0.05, 0.05, 0.05]);
    expect(blocks[1]!.endMmPerS).toBeCloseTo(10, 9);
  });

  test("no way takes no time", () => {
    expect(sCurveS(0, SOFT)).toBe(0);
    expect(softBlocks(0, SOFT)).toEqual([]);
    expect([...slicePath(travelProfile({ x: 3, y: 4 }, { x: 3, y: 4 }, SOFT))]).toEqual([]);
  });

  test("from a cruise at 200 mm/s it stands after 0.6 s and 60 mm; from 100 mm/s at 400 mm/s² after 0.5 s", () => {
    const stop = softStop(200, 0, SOFT);
    expect(sum(stop, "durationS")).toBeCloseTo(0.6, 12);
    expect(sum(stop, "lengthMm")).toBeCloseTo(60, 9);
    // 0.1 s in which it gets to 120 mm/s, 0.1 s in which it gets back to 100; 0.2 s to 20 mm/s; 0.1 s.
    const [back, even, last] = softStop(100, 400, SOFT);
    expect([back!.durationS, even!.durationS, last!.durationS].map((s) => Number(s.toFixed(9)))).toEqual([
      0.2, 0.2, 0.1,
    ]);
    expect(back!.endMmPerS).toBeCloseTo(100, 9);
  });

  test("a plan's travels take their S-curve's time, after writing and reading it too", () => {
    const plan = planMotion(
      drawingOf([
        [30, 40],
        [80, 40],
      ]),
      { ...MOTION, penUp: SOFT },
    );
    const there = sCurveS(50, SOFT);
    const home = sCurveS(Math.hypot(80, 40), SOFT);
    expect(plan.totals.travelS).toBeCloseTo(there + home, 12);
    expect(plan.strokeStartS[1]! + home).toBeCloseTo(plan.totals.durationS, 12);
    expect(decodePlan(encodePlan(plan)).penUp).toEqual(SOFT);
  });

  test("a plan without a jerk, as all were before, says nothing of it and has its travels as before: 50 mm in 0.707 s", () => {
    const plan = decodePlan(encodePlan(planMotion(drawingOf([[30, 40]]), MOTION)));
    expect("jerkMmPerS3" in plan.penUp).toBe(false);
    expect(travelTimeS(50, plan)).toBeCloseTo(2 * Math.sqrt(50 / 400), 12);
  });
});

test("any travel keeps speed, acceleration and jerk at every instant, covers its length, and takes the sum of its phases", () => {
  fc.assert(
    fc.property(length, limits, (lengthMm, soft) => {
      const blocks = softBlocks(lengthMm, soft);
      expect(mostExcess(blocks, soft)).toBeLessThan(1e-6);
      expect(sum(blocks, "lengthMm") / lengthMm).toBeCloseTo(1, 6);
      expect(Math.abs(sum(blocks, "durationS") - sCurveS(lengthMm, soft))).toBeLessThan(1e-8);
      expect(blocks.at(-1)!.endMmPerS).toBeLessThan(1e-6);
      expect(worstJump(blocks)).toBeLessThan(1e-6);
    }),
    { numRuns: 500 },
  );
});

test("an S-curve is never faster than constant acceleration, and with a very high jerk as fast", () => {
  fc.assert(
    fc.property(length, limits, (lengthMm, soft) => {
      const { jerkMmPerS3: _, ...penUp } = soft;
      const plainS = travelTimeS(lengthMm, { penUp });
      expect(sCurveS(lengthMm, soft)).toBeGreaterThanOrEqual(plainS * (1 - 1e-9));
      expect(sCurveS(lengthMm, { ...soft, jerkMmPerS3: 1e9 }) / plainS).toBeCloseTo(1, 1);
    }),
  );
});

/** The largest difference of speeds where two meet, or from rest to the first, or from the last to rest, mm/s. */
function worstJump(slices: readonly { readonly startMmPerS: number; readonly endMmPerS: number }[]): number {
  const starts = [...slices.map(({ startMmPerS }) => startMmPerS), 0];
  const ends = [0, ...slices.map(({ endMmPerS }) => endMmPerS)];
  return Math.max(...starts.map((start, i) => Math.abs(start - ends[i]!)));
}

function durations(slices: readonly PathSlice[]): number[] {
  return slices.map(({ durationS }) => durationS);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/** Of a slice, mm/s²: of those that share a command because they are short, the mean. */
function accelOf({ startMmPerS, endMmPerS, durationS, jerkMmPerS3 = 0 }: PathSlice): number {
  return Math.abs(endMmPerS - startMmPerS) / durationS + Math.abs(jerkMmPerS3 * durationS) / 2;
}

describe.each([
  ["that bends", true],
  ["that does not", false],
])("for a board %s", (_, bends) => {
  const board = { ...SLICES, bends };
  const turn = fc.double({ min: 0, max: 6, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test("slices of 6 to 46 ms take the planned time to the very end, within the limits, with no jump of the speed", () => {
    fc.assert(
      fc.property(length, limits, turn, (lengthMm, soft, turn) => {
        const to = { x: 500 + lengthMm * Math.cos(turn), y: 500 + lengthMm * Math.sin(turn) };
        const path = travelProfile({ x: 500, y: 500 }, to, soft);
        const slices = [...slicePath(path, board)];
        expect(Math.abs(total(durations(slices)) - path.durationS)).toBeLessThan(1e-8);
        expect(Math.hypot(slices.at(-1)!.to.x - to.x, slices.at(-1)!.to.y - to.y)).toBeLessThan(1e-9);
        expect(Math.max(...durations(slices))).toBeLessThan(0.046 + 1e-7);
        if (path.durationS > 0.006) expect(Math.min(...durations(slices))).toBeGreaterThan(0.006 - 1e-7);
        expect(slices.some(({ jerkMmPerS3 }) => jerkMmPerS3)).toBe(bends);
        // Where phases are shorter than 6 ms, a slice of at most 12 ms has something between theirs.
        expect(Math.max(...slices.map(accelOf))).toBeLessThan(soft.accelMmPerS2 + 0.002 * soft.jerkMmPerS3);
        expect(worstJump(slices)).toBeLessThan(1e-3 + 3e-5 * soft.jerkMmPerS3);
      }),
    );
  });

  test("braked anywhere, a travel stands before its end, within the limits, no later than it would have got there", () => {
    fc.assert(
      fc.property(length, limits, share, (lengthMm, soft, share) => {
        const path = travelProfile({ x: 0, y: 0 }, { x: lengthMm, y: 0 }, soft);
        const slices = [...slicePath(path, board)];
        const sent = slices.slice(0, 1 + Math.floor(share * (slices.length - 1)));
        const from = sent.at(-1)!;
        const stop = [...brakeAlong(path, from, board)];
        expect(stop.at(-1)?.endMm ?? 0).toBeLessThanOrEqual(lengthMm);
        expect(total(durations(stop))).toBeLessThan(total(durations(slices.slice(sent.length))) + 0.012);
        expect(worstJump([...sent, ...stop])).toBeLessThan(1e-3 + 3e-5 * soft.jerkMmPerS3);
        if (stop.length === 0) return;
        expect(Math.max(...stop.map(accelOf))).toBeLessThan(soft.accelMmPerS2 + 0.002 * soft.jerkMmPerS3);
        // A board that does not bend has its speeds of chords, near to those from which the stop is reckoned.
        if (bends)
          expect(mostExcess(softStop(from.endMmPerS, from.endMmPerS2!, soft), soft)).toBeLessThan(1e-5);
      }),
    );
  });
});
