import fc from "fast-check";
import { expect, test } from "vitest";
import { planMotion, writeMotion } from "../../src/daemon/motion/plan.ts";
import { encodePlan, planHash } from "../../src/daemon/motion/plan-codec.ts";
import type { Drawing } from "../../src/shared/drawing.ts";
import { BLACK, drawingOf, MOTION } from "../support/drawings.ts";

/** Repeated points, dots, strokes without any, two layers, one of which lets the pen wait. */
const drawing = fc
  .array(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { maxLength: 40 }),
    {
      maxLength: 200,
    },
  )
  .filter((strokes) => strokes.some((points) => points.length > 0))
  .map((strokes): Drawing => {
    const plain = drawingOf(...strokes);
    const half = strokes.length >> 1;
    return {
      ...plain,
      layers: ["1", "2 +D500"].map((name, index) => ({ index, name, pauseBefore: false })),
      strokes: plain.strokes.map((stroke, s) => ({ ...stroke, layer: s < half ? 0 : 1 })),
    };
  });

test("a plan written while it is made is, byte for byte, the one made whole and then encoded", () => {
  fc.assert(
    fc.property(drawing, (each) => {
      const pieces: Buffer[] = [];
      const { hash, ...head } = writeMotion(each, MOTION, (bytes) => pieces.push(Buffer.from(bytes)));
      const whole = planMotion(each, MOTION);
      const encoded = encodePlan(whole);
      expect(Buffer.concat(pieces).equals(encoded)).toBe(true);
      expect(hash).toBe(planHash(encoded));
      expect(whole).toMatchObject(head);
    }),
  );
});

test("before the tenth stroke of 1,024 points is planned, the bytes of the nine before it have been handed on", () => {
  let bytes = 0;
  const bytesWhenRead: number[] = [];
  const line = Array.from({ length: 1024 }, (_, i): [number, number] => [i / 10, i % 7]);
  const strokes = drawingOf(...Array.from({ length: 10 }, () => line)).strokes.map((stroke, s) => ({
    layer: 0,
    get points() {
      bytesWhenRead[s] = bytes;
      return stroke.points;
    },
  }));
  writeMotion({ ...drawingOf(), strokes }, MOTION, (some) => {
    bytes += some.length;
  });
  // 16 bytes begin the file; a point is 24.
  expect(bytesWhenRead).toEqual(Array.from({ length: 10 }, (_, s) => 16 + s * 1024 * 24));
});

test("nothing to draw, and a pen that is not there, are told as for a whole plan", () => {
  const empty = { ...drawingOf(), notes: ["1 stroke lay beyond the paper and was left out"] };
  expect(() => writeMotion(empty, MOTION, () => undefined)).toThrow("(1 stroke lay beyond the paper");
  const pens = [{ ...BLACK, name: "red" }];
  expect(() => writeMotion(drawingOf([[1, 1]]), { ...MOTION, pens }, () => undefined)).toThrow(
    'no pen "black"',
  );
});
