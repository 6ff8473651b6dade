import fc from "fast-check";
import { expect, test } from "vitest";
import { clipToBox } from "../../src/daemon/geometry/clip.ts";
import { placeOnPage } from "../../src/daemon/geometry/place.ts";
import { simplify } from "../../src/daemon/geometry/simplify.ts";
import type { Drawing } from "../../src/shared/drawing.ts";
import { polylineLength } from "../../src/shared/geometry.ts";
import type { PageSettings } from "../../src/shared/plot-settings.ts";

const A4 = { widthMm: 210, heightMm: 297 };
const ENVELOPE = { widthMm: 300, heightMm: 218 };

function page(more: Partial<PageSettings> = {}): PageSettings {
  const plain = { marginMm: 0, fit: "none", rotate: "auto", scale: 1, origin: { x: 0, y: 0 } } as const;
  return { envelope: ENVELOPE, paper: ENVELOPE, ...plain, ...more };
}

function drawing(widthMm: number, heightMm: number, ...strokes: number[][]): Drawing {
  return {
    page: { widthMm, heightMm },
    layers: [{ index: 0, name: "", pauseBefore: false }],
    strokes: strokes.map((points) => ({ points: Float64Array.from(points), layer: 0 })),
    notes: [],
  };
}

function placed(from: Drawing, settings: PageSettings): number[][] {
  return placeOnPage(from, settings).strokes.map(({ points }) =>
    [...points].map((mm) => Math.round(mm * 1e6) / 1e6 + 0),
  );
}

test("a drawing that fits stays where it is, at its true size", () => {
  expect(placed(drawing(100, 50, [10, 20, 30, 20]), page())).toEqual([[10, 20, 30, 20]]);
});

test("an upright A4 lies turned in an envelope of 300 x 218 mm, and an upright A4 drawing turns with it", () => {
  const result = placeOnPage(drawing(210, 297, [10, 20, 30, 20]), page({ paper: A4 }));
  expect(result.page).toEqual({ widthMm: 297, heightMm: 210 });
  expect([...result.strokes[0]!.points]).toEqual([277, 10, 277, 30]);
});

test.each([
  [0, [10, 20, 30, 20]],
  [90, [30, 10, 30, 30]],
  [180, [90, 30, 70, 30]],
  [270, [20, 90, 20, 70]],
] as const)("a page of 100 x 50 mm turned by %i degrees", (rotate, expected) => {
  expect(placed(drawing(100, 50, [10, 20, 30, 20]), page({ rotate }))).toEqual([expected]);
});

test("scale and origin: twice the size, 5 mm to the right and 7 down", () => {
  const settings = page({ scale: 2, origin: { x: 5, y: 7 } });
  expect(placed(drawing(100, 50, [10, 20, 30, 20]), settings)).toEqual([[25, 47, 65, 47]]);
});

test("fit page: ink of 100 x 50 mm fills 280 x 140 of paper 300 x 218 inside a margin of 10, in its middle", () => {
  const square = [0, 0, 100, 0, 100, 50, 0, 50, 0, 0];
  expect(placed(drawing(500, 500, square), page({ fit: "page", marginMm: 10 }))).toEqual([
    [10, 39, 290, 39, 290, 179, 10, 179, 10, 39],
  ]);
});

test("fit page turns the ink where it gets larger so", () => {
  const tall = placeOnPage(drawing(50, 100, [0, 0, 50, 100]), page({ fit: "page" }));
  expect(polylineLength(tall.strokes[0]!.points)).toBeCloseTo(Math.hypot(300, 150), 6);
});

test("what reaches beyond the paper inside its margin is cut, and said", () => {
  const result = placeOnPage(
    drawing(100, 50, [0, 20, 30, 20], [1, 1, 2, 2]),
    page({ paper: { widthMm: 100, heightMm: 50 }, marginMm: 10 }),
  );
  expect(result.strokes.map(({ points }) => [...points])).toEqual([[10, 20, 30, 20]]);
  expect(result.notes).toEqual([
    "1 stroke reached beyond the paper inside its margin and was cut",
    "1 stroke lay beyond the paper inside its margin and was left out",
  ]);
});

test("paper larger than the machine reaches is said, and ink ends at the envelope", () => {
  const result = placeOnPage(
    drawing(400, 100, [0, 50, 400, 50]),
    page({ paper: { widthMm: 420, heightMm: 297 } }),
  );
  expect([...result.strokes[0]!.points]).toEqual([0, 50, 300, 50]);
  expect(result.notes[0]).toBe("the paper (420 x 297 mm) is larger than the machine reaches (300 x 218 mm)");
});

test("a square that sticks out to the right is cut into one open stroke when it begins inside", () => {
  const box = { minX: 0, minY: 0, maxX: 10, maxY: 10 };
  const { pieces } = clipToBox(Float64Array.from([5, 2, 15, 2, 15, 8, 5, 8, 5, 2]), box);
  expect(pieces.map((piece) => [...piece])).toEqual([[10, 8, 5, 8, 5, 2, 10, 2]]);
});

test("no clipped point is outside the box, and no ink inside it is lost", () => {
  const box = { minX: -10, minY: -5, maxX: 10, maxY: 5 };
  const mm = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(mm, mm), { minLength: 2, maxLength: 12 }), (pairs) => {
      const { pieces } = clipToBox(Float64Array.from(pairs.flat()), box);
      for (const piece of pieces) {
        for (let i = 0; i < piece.length; i += 2) {
          expect(Math.abs(piece[i]!)).toBeLessThanOrEqual(10);
          expect(Math.abs(piece[i + 1]!)).toBeLessThanOrEqual(5);
        }
      }
      let inside = 0;
      const steps = 400;
      for (let i = 1; i < pairs.length; i++) {
        const [[ax, ay], [bx, by]] = [pairs[i - 1]!, pairs[i]!];
        for (let s = 0; s < steps; s++) {
          const t = (s + 0.5) / steps;
          const isIn = Math.abs(ax + t * (bx - ax)) <= 10 && Math.abs(ay + t * (by - ay)) <= 5;
          if (isIn) inside += Math.hypot(bx - ax, by - ay) / steps;
        }
      }
      const length = pieces.reduce((sum, piece) => sum + polylineLength(piece), 0);
      expect(Math.abs(length - inside)).toBeLessThan(0.5 * pairs.length);
    }),
  );
});

test("points of a straight line are dropped, corners and ends are kept", () => {
  const points = Float64Array.from([0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2]);
  expect([...simplify(points, 0.002)]).toEqual([0, 0, 3, 0, 3, 2]);
});

test("a line that goes back on itself keeps its turning points", () => {
  expect([...simplify(Float64Array.from([0, 0, 5, 0, 2, 0, 9, 0]), 0.01)]).toEqual([0, 0, 5, 0, 2, 0, 9, 0]);
});

test("no dropped point is farther than the tolerance from what is left, and kept points are not moved", () => {
  const step = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(step, step), { minLength: 2, maxLength: 60 }), (steps) => {
      const walk: number[] = [0, 0];
      for (const [dx, dy] of steps) walk.push(walk.at(-2)! + dx + 1, walk.at(-1)! + dy * 0.1);
      const points = Float64Array.from(walk);
      const kept = simplify(points, 0.05);
      const originals = new Set<string>();
      for (let i = 0; i < points.length; i += 2) originals.add(`${points[i]},${points[i + 1]}`);
      for (let i = 0; i < kept.length; i += 2) expect(originals.has(`${kept[i]},${kept[i + 1]}`)).toBe(true);
      for (let i = 0; i < points.length; i += 2) {
        let least = Infinity;
        for (let j = 2; j < kept.length; j += 2) {
          const [ax, ay] = [kept[j - 2]!, kept[j - 1]!];
          const [dx, dy] = [kept[j]! - ax, kept[j + 1]! - ay];
          const along = ((points[i]! - ax) * dx + (points[i + 1]! - ay) * dy) / (dx * dx + dy * dy || 1);
          const t = Math.max(0, Math.min(1, along));
          least = Math.min(least, Math.hypot(points[i]! - ax - t * dx, points[i + 1]! - ay - t * dy));
        }
        if (kept.length > 2) expect(least).toBeLessThanOrEqual(0.05 + 1e-9);
      }
    }),
  );
});
