import fc from "fast-check";
import { expect, test } from "vitest";
import { junctionSpeed } from "../../src/daemon/motion/junction.ts";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { trapezoid, trapezoidS } from "../../src/daemon/motion/trapezoid.ts";
import { BLACK, drawingOf, MOTION } from "../support/drawings.ts";

test("a 100 mm line at 50 mm/s and 200 mm/s2 takes 2.25 s", () => {
  const plan = planMotion(
    drawingOf([
      [0, 0],
      [100, 0],
    ]),
    MOTION,
  );
  expect(plan.totals.drawS).toBeCloseTo(2.25, 9);
  expect(plan.totals.inkMm).toBe(100);
});

test("a 10 mm line never reaches 50 mm/s: it takes twice the root of 10/200 s", () => {
  const plan = planMotion(
    drawingOf([
      [0, 0],
      [10, 0],
    ]),
    MOTION,
  );
  expect(plan.totals.drawS).toBeCloseTo(2 * Math.sqrt(10 / 200), 9);
});

test("the way back home counts: 100 mm at 200 mm/s and 400 mm/s2 is 1 s", () => {
  const plan = planMotion(
    drawingOf([
      [0, 0],
      [100, 0],
    ]),
    MOTION,
  );
  expect(plan.totals.travelS).toBeCloseTo(1, 9);
  expect(plan.totals.travelMm).toBe(100);
  expect(plan.totals.penS).toBeCloseTo(0.24, 9);
  expect(plan.totals.durationS).toBeCloseTo(2.25 + 1 + 0.24, 9);
});

test("a right angle is passed at 7.83 mm/s with 0.127 mm of junction deviation", () => {
  const half = Math.SQRT1_2;
  expect(junctionSpeed(Math.PI / 2, 0.127, 200)).toBeCloseTo(Math.sqrt((200 * 0.127 * half) / (1 - half)), 9);
  expect(junctionSpeed(Math.PI / 2, 0.127, 200)).toBeCloseTo(7.83, 2);
  const plan = planMotion(
    drawingOf([
      [0, 0],
      [50, 0],
      [50, 50],
    ]),
    MOTION,
  );
  expect(plan.speeds[1]).toBeCloseTo(7.83, 2);
});

test("straight on the speed is unlimited, at a reversal it is 0", () => {
  expect(junctionSpeed(0, 0.127, 200)).toBe(Infinity);
  expect(junctionSpeed(Math.PI, 0.127, 200)).toBeCloseTo(0, 6);
});

test("a point on a straight line does not slow the pen", () => {
  const whole = planMotion(
    drawingOf([
      [0, 0],
      [100, 0],
    ]),
    MOTION,
  );
  const dotted = planMotion(
    drawingOf([
      [0, 0],
      [30, 0],
      [60, 0],
      [100, 0],
    ]),
    MOTION,
  );
  expect(dotted.totals.drawS).toBeCloseTo(whole.totals.drawS, 6);
});

test("a dot is a drop and a lift, and takes no drawing time", () => {
  const plan = planMotion(drawingOf([[10, 10]]), MOTION);
  expect(plan.totals).toMatchObject({ drawS: 0, lifts: 1, inkMm: 0, penS: 0.24 });
});

test("repeated points are one point", () => {
  const plan = planMotion(
    drawingOf([
      [0, 0],
      [0, 0],
      [10, 0],
      [10, 0],
    ]),
    MOTION,
  );
  expect(plan.totals.points).toBe(2);
});

test("a drawing without strokes is refused with its notes", () => {
  const empty = { ...drawingOf(), notes: ["1 image was left out"] };
  expect(() => planMotion(empty, MOTION)).toThrow(
    "there is nothing to draw in this file (1 image was left out)",
  );
});

test("a layer is drawn with the pen that bears its name, in any case of letters", () => {
  const red = { ...BLACK, name: "red" };
  const drawing = {
    ...drawingOf(
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 1],
        [1, 1],
      ],
    ),
    layers: [
      { index: 0, name: "outline", pauseBefore: false },
      { index: 1, name: "Red", pauseBefore: false },
    ],
  };
  const strokes = drawing.strokes.map((stroke, layer) => ({ ...stroke, layer }));
  const plan = planMotion({ ...drawing, strokes }, { ...MOTION, pens: [BLACK, red] });
  expect(plan.layers.map((layer) => layer.pen.name)).toEqual(["black", "red"]);
  expect(plan.notes).toEqual([`layer "outline" bears no pen's name and is drawn with black`]);
});

const coordinate = fc.double({ min: 0, max: 200, noNaN: true });
const stroke = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 40 });

test("no speed is above its limit, and none changes faster than the acceleration allows", () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 5 }), (strokes) => {
      const plan = planMotion(drawingOf(...strokes), MOTION);
      for (let s = 0; s < strokes.length; s++) {
        const [from, to] = [plan.strokeStart[s]!, plan.strokeStart[s + 1]!];
        expect(plan.speeds[from]).toBe(0);
        expect(plan.speeds[to - 1]).toBe(0);
        for (let p = from; p + 1 < to; p++) {
          const mm = Math.hypot(
            plan.points[2 * p + 2]! - plan.points[2 * p]!,
            plan.points[2 * p + 3]! - plan.points[2 * p + 1]!,
          );
          const change = Math.abs(plan.speeds[p + 1]! ** 2 - plan.speeds[p]! ** 2);
          expect(plan.speeds[p]!).toBeLessThanOrEqual(BLACK.speedMmPerS + 1e-9);
          expect(change).toBeLessThanOrEqual(2 * BLACK.accelMmPerS2 * mm * (1 + 1e-9) + 1e-9);
        }
      }
    }),
  );
});

test("the time of the whole is the sum of its parts, and the same drawing gives the same plan", () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 5 }), (strokes) => {
      const plan = planMotion(drawingOf(...strokes), MOTION);
      const { drawS, travelS, penS, durationS } = plan.totals;
      expect(durationS).toBeCloseTo(drawS + travelS + penS, 6);
      expect(planMotion(drawingOf(...strokes), MOTION)).toEqual(plan);
    }),
  );
});

test("the blocks of a segment cover its length in its time", () => {
  const speed = fc.double({ min: 0, max: 50, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 300, noNaN: true }), speed, speed, (mm, entry, exit) => {
      fc.pre(Math.abs(entry ** 2 - exit ** 2) <= 2 * 200 * mm);
      const blocks = trapezoid(mm, entry, exit, 50, 200);
      const sum = (key: "lengthMm" | "durationS") => blocks.reduce((total, block) => total + block[key], 0);
      expect(sum("lengthMm")).toBeCloseTo(mm, 6);
      expect(sum("durationS")).toBeCloseTo(trapezoidS(mm, entry, exit, 50, 200), 6);
    }),
  );
});
