import fc from "fast-check";
import { expect, test } from "vitest";
import { strokeProfile, travelProfile } from "../../src/daemon/motion/path-profile.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { brakeAlong, SLICE_LIMITS, slicePath } from "../../src/daemon/motion/slices.ts";
import { drawingOf, MOTION } from "../support/drawings.ts";

const circle = Array.from({ length: 721 }, (_, i): [number, number] => [
  100 + 5 * Math.cos((i * Math.PI) / 360),
  100 + 5 * Math.sin((i * Math.PI) / 360),
]);
const coordinate = fc.double({ min: 0, max: 100, noNaN: true });
const stroke = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 60 });

test("the slices of a stroke take its planned time, end where it ends, and are never longer than 50 ms", () => {
  fc.assert(
    fc.property(stroke, (points) => {
      const path = strokeProfile(planMotion(drawingOf(points), MOTION), 0, 0, 0.127);
      const slices = [...slicePath(path)];
      const total = slices.reduce((sum, slice) => sum + slice.durationS, 0);
      expect(total).toBeCloseTo(path.durationS, 6);
      for (const slice of slices) expect(slice.durationS).toBeLessThanOrEqual(SLICE_LIMITS.maxS + 1e-8);
      for (const [i, slice] of slices.slice(0, -1).entries()) {
        const isLong = slice.durationS > SLICE_LIMITS.minS - 1e-6;
        const beforeS = slices[i - 1]?.durationS ?? 0;
        const mayBeShort =
          slice.durationS > SLICE_LIMITS.minS / 2 - 1e-6 && beforeS > 1.5 * SLICE_LIMITS.minS - 1e-6;
        expect(isLong || mayBeShort).toBe(true);
      }
      const last = path.points.length - 2;
      if (slices.length > 0) {
        expect(slices.at(-1)!.to.x).toBeCloseTo(path.points[last]!, 6);
        expect(slices.at(-1)!.to.y).toBeCloseTo(path.points[last + 1]!, 6);
      }
    }),
  );
});

test("each slice's mean speed times its time is its length", () => {
  const path = strokeProfile(planMotion(drawingOf(circle), MOTION), 0, 0, 0.127);
  let at = path.pointAt(0);
  for (const slice of slicePath(path)) {
    const lengthMm = Math.hypot(slice.to.x - at.x, slice.to.y - at.y);
    expect(((slice.startMmPerS + slice.endMmPerS) / 2) * slice.durationS).toBeCloseTo(lengthMm, 6);
    expect(slice.startMmPerS).toBeGreaterThanOrEqual(0);
    expect(slice.endMmPerS).toBeGreaterThanOrEqual(0);
    at = slice.to;
  }
});

test("a circle of 5 mm radius in 720 segments is followed within 0.01 mm though segments share slices", () => {
  const path = strokeProfile(planMotion(drawingOf(circle), MOTION), 0, 0, 0.127);
  let at = path.pointAt(0);
  for (const slice of slicePath(path)) {
    const middle = Math.hypot((at.x + slice.to.x) / 2 - 100, (at.y + slice.to.y) / 2 - 100);
    expect(Math.abs(middle - 5)).toBeLessThan(0.01);
    at = slice.to;
  }
});

test("a circle of 1 mm radius whose segments take 5.6 ms each is followed within 0.02 mm", () => {
  const small = Array.from({ length: 24 }, (_, i): [number, number] => [
    50 + Math.cos((i * 2 * Math.PI) / 23),
    50 + Math.sin((i * 2 * Math.PI) / 23),
  ]);
  const path = strokeProfile(planMotion(drawingOf(small), MOTION), 0, 0, 0.127);
  let at = path.pointAt(0);
  for (const slice of slicePath(path)) {
    const middle = Math.hypot((at.x + slice.to.x) / 2 - 50, (at.y + slice.to.y) / 2 - 50);
    expect(Math.abs(middle - 1)).toBeLessThan(0.02);
    at = slice.to;
  }
});

test("no corner of a zigzag of 1.4 mm segments is cut, though each takes only some 150 ms", () => {
  const zigzag = Array.from({ length: 20 }, (_, i): [number, number] => [10 + i, 60 + (i % 2)]);
  const path = strokeProfile(planMotion(drawingOf(zigzag), MOTION), 0, 0, 0.127);
  const ends = [...slicePath(path)].map((slice) => slice.to);
  for (const [x, y] of zigzag.slice(1)) {
    expect(Math.min(...ends.map((end) => Math.hypot(end.x - x, end.y - y)))).toBeLessThan(1e-6);
  }
});

test("from 50 mm/s the pen stops within 6.25 mm and 0.25 s, slowing all the way", () => {
  const path = strokeProfile(
    planMotion(
      drawingOf([
        [0, 0],
        [100, 0],
      ]),
      MOTION,
    ),
    0,
    0,
    0.127,
  );
  const slices = [...brakeAlong(path, { endMm: 20, endMmPerS: 50 })];
  expect(slices.at(-1)!.endMm).toBeCloseTo(26.25, 9);
  expect(slices.at(-1)!.endMmPerS).toBeCloseTo(0, 6);
  expect(slices.reduce((sum, slice) => sum + slice.durationS, 0)).toBeCloseTo(0.25, 6);
  let speed = 50;
  for (const slice of slices) {
    expect(slice.startMmPerS).toBeCloseTo(speed, 6);
    speed = slice.endMmPerS;
  }
});

test("braking follows the corner instead of cutting it, and ends at the path's end if that comes first", () => {
  const path = strokeProfile(
    planMotion(
      drawingOf([
        [0, 0],
        [10, 0],
        [10, 1],
      ]),
      MOTION,
    ),
    0,
    0,
    0.127,
  );
  const slices = [...brakeAlong(path, { endMm: 9, endMmPerS: 40 })];
  expect(slices.at(-1)!.to).toEqual({ x: 10, y: 1 });
  expect(slices.some((slice) => Math.hypot(slice.to.x - 10, slice.to.y) < 0.05)).toBe(true);
});

test("a travel starts and ends at rest", () => {
  const slices = [...slicePath(travelProfile({ x: 0, y: 0 }, { x: 30, y: 40 }, MOTION.penUp))];
  expect(slices[0]!.startMmPerS).toBe(0);
  expect(slices.at(-1)!.endMmPerS).toBeCloseTo(0, 9);
  expect(slices.at(-1)!.to).toEqual({ x: 30, y: 40 });
});

test("the rest of a stroke begins at rest at the very point, and ends where the stroke ends", () => {
  const plan = planMotion(
    drawingOf([
      [0, 0],
      [10, 0],
      [10, 10],
    ]),
    MOTION,
  );
  const rest = strokeProfile(plan, 0, 4, 0.127);
  expect([...rest.points]).toEqual([4, 0, 10, 0, 10, 10]);
  expect(rest.speeds[0]).toBe(0);
  expect(rest.lengthMm).toBeCloseTo(16, 9);
  expect([...strokeProfile(plan, 0, 10, 0.127).points]).toEqual([10, 0, 10, 10]);
});
