import { expect, test } from "vitest";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { decodePlan, encodePlan, planHash } from "../../src/daemon/motion/plan-codec.ts";
import { drawingOf, MOTION } from "../support/drawings.ts";
import { encodePlan1 } from "../support/old-plan.ts";
import { storedPlan } from "../support/stored-plan.ts";

const plan = planMotion(
  drawingOf(
    [
      [0, 0],
      [10, 5],
      [20, 0],
    ],
    [[3, 3]],
  ),
  MOTION,
);

test("a plan written and read again is the same plan", () => {
  expect(decodePlan(encodePlan(plan))).toEqual(storedPlan(plan));
});

test("a plan is written the same, byte for byte, whether the times of its strokes are known or worked out", () => {
  expect(encodePlan(storedPlan(plan))).toEqual(encodePlan(plan));
});

test("a plan can be read from the middle of a larger buffer", () => {
  const bytes = encodePlan(plan);
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  expect(decodePlan(larger.subarray(3))).toEqual(storedPlan(plan));
  expect(decodePlan(Buffer.from(larger.buffer, 3))).toEqual(storedPlan(plan));
});

test("half a plan, or something else, is refused in words", () => {
  const bytes = encodePlan(plan);
  expect(() => decodePlan(bytes.slice(0, bytes.length - 8))).toThrow("its end is missing");
  expect(() => decodePlan(bytes.slice(0, 30))).toThrow("its end is missing");
  expect(() => decodePlan(new TextEncoder().encode("<svg/>"))).toThrow("it does not begin like one");
});

test("a plan with one bit changed is refused, wherever the bit is", () => {
  const bytes = encodePlan(plan);
  for (let at = 0; at < bytes.length; at++) {
    const torn = bytes.slice();
    torn[at]! ^= 4;
    expect(() => decodePlan(torn), `byte ${at}`).toThrow("this is not a whole plotty plan");
  }
});

test("a plan in the first format is still read, and half of one is not", () => {
  expect(decodePlan(encodePlan1(plan))).toEqual(storedPlan(plan));
  expect(() => decodePlan(encodePlan1(plan).slice(0, -8))).toThrow("its end is missing");
});

test("5,000 points, one block after the other, come back as they were", () => {
  const wave = Array.from({ length: 5000 }, (_, i) => [i / 50, 5 * Math.sin(i / 100)] as [number, number]);
  const long = planMotion(drawingOf([[0, 9]], wave, [[3, 3]]), MOTION);
  expect(decodePlan(encodePlan(long))).toEqual(storedPlan(long));
});

test("equal plans have equal names, others have others", () => {
  const other = planMotion(
    drawingOf([
      [0, 0],
      [10, 5.001],
      [20, 0],
    ]),
    MOTION,
  );
  expect(planHash(encodePlan(plan))).toBe(planHash(encodePlan(plan)));
  expect(planHash(encodePlan(plan))).not.toBe(planHash(encodePlan(other)));
});
