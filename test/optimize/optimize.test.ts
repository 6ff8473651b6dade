import fc from "fast-check";
import { expect, test } from "vitest";
import { dropDoubles } from "../../src/daemon/optimize/doubles.ts";
import { optimizeStrokes } from "../../src/daemon/optimize/optimize.ts";
import type { Drawing, Stroke } from "../../src/shared/drawing.ts";
import { polylineLength } from "../../src/shared/geometry.ts";
import type { OptimizeSettings } from "../../src/shared/plot-settings.ts";

function settings(more: Partial<OptimizeSettings> = {}): OptimizeSettings {
  const penUp = { speedMmPerS: 200, accelMmPerS2: 400 };
  return {
    preset: "balanced",
    joinMm: 0,
    keepOrder: false,
    dropDoubles: true,
    penUp,
    penCycleS: 0.24,
    ...more,
  };
}

/** Strokes as number lists; the second of a pair is the layer. */
function drawing(...strokes: [points: number[], layer?: number][]): Drawing {
  const count = Math.max(0, ...strokes.map(([, layer]) => layer ?? 0)) + 1;
  return {
    page: { widthMm: 300, heightMm: 218 },
    layers: Array.from({ length: count }, (_, index) => ({ index, name: `${index}`, pauseBefore: false })),
    strokes: strokes.map(([points, layer]) => ({ points: Float64Array.from(points), layer: layer ?? 0 })),
    notes: [],
  };
}

function ordered(from: Drawing, more: Partial<OptimizeSettings> = {}): number[][] {
  return optimizeStrokes(from, settings(more)).strokes.map(({ points }) => [...points]);
}

function travelMm(result: Drawing): number {
  let [x, y, travel] = [0, 0, 0];
  for (const { points } of result.strokes) {
    travel += Math.hypot(points[0]! - x, points[1]! - y);
    x = points[points.length - 2]!;
    y = points[points.length - 1]!;
  }
  return travel + Math.hypot(x, y);
}

test("three lines on the way out and back are drawn as a round trip, the one nearest to home first", () => {
  const from = drawing([[30, 0, 40, 0]], [[20, 0, 10, 0]], [[40, 1, 1, 1]]);
  expect(ordered(from)).toEqual([
    [1, 1, 40, 1],
    [40, 0, 30, 0],
    [20, 0, 10, 0],
  ]);
});

test("strokes whose ends are within the join radius become one, with both ends kept", () => {
  const from = drawing([[10, 0, 20, 0]], [[30, 0, 20.4, 0]]);
  expect(ordered(from, { joinMm: 0.5 })).toEqual([[10, 0, 20, 0, 20.4, 0, 30, 0]]);
  expect(ordered(from, { joinMm: 0.3 })).toHaveLength(2);
});

test("strokes that meet at home are joined there, though the pen comes from home and goes back", () => {
  const from = drawing([[1e-9, 0, 0, 0]], [[0, 0, 8, 0]]);
  expect(ordered(from, { joinMm: 0.5 })).toHaveLength(1);
});

test("four sides of a square, given in any order and direction, become one closed stroke", () => {
  const from = drawing([[10, 10, 20, 10]], [[10, 20, 20, 20]], [[20, 20, 20, 10]], [[10, 10, 10, 20]]);
  const [square, ...rest] = ordered(from);
  expect(rest).toEqual([]);
  expect(square).toHaveLength(10);
  expect(square!.slice(0, 2)).toEqual(square!.slice(-2));
});

test("doubled strokes are drawn once, also when one is backwards; other layers keep theirs", () => {
  const from = drawing([[10, 0, 20, 5, 30, 0]], [[30, 0, 20, 5, 10, 0]], [[10, 0, 20, 5, 30, 0], 1]);
  expect(optimizeStrokes(from, settings()).strokes.map(({ layer }) => layer)).toEqual([0, 1]);
});

test("with dropDoubles off what is there twice is drawn twice", () => {
  const there = drawing([[10, 0, 20, 0]], [[20, 0, 10, 0]]);
  expect(ordered(there, { dropDoubles: false })).toEqual([[10, 0, 20, 0, 10, 0]]);
  expect(ordered(there)).toHaveLength(1);
  expect(ordered(there)[0]).toHaveLength(4);
});

test("layers stay apart and in order, though the second is nearer", () => {
  const from = drawing([[5, 0, 6, 0], 1], [[100, 0, 110, 0], 0], [[6, 0, 7, 0], 1]);
  expect(optimizeStrokes(from, settings({ joinMm: 1 })).strokes.map(({ layer }) => layer)).toEqual([0, 1]);
});

test("a closed stroke begins at its vertex nearest to where the pen comes from", () => {
  const square = [100, 100, 110, 100, 110, 90, 100, 90, 100, 100];
  expect(ordered(drawing([square]))[0]!.slice(0, 2)).toEqual([100, 90]);
});

test("keepOrder keeps order and direction and joins only what follows on", () => {
  const from = drawing([[30, 0, 40, 0]], [[40, 0, 50, 0]], [[1, 0, 2, 0]], [[50, 0, 60, 0]]);
  expect(ordered(from, { keepOrder: true, joinMm: 0.1 })).toEqual([
    [30, 0, 40, 0, 50, 0],
    [1, 0, 2, 0],
    [50, 0, 60, 0],
  ]);
});

test("a dot, an empty drawing and a star of 3000 rays are drawn whole", () => {
  expect(ordered(drawing([[5, 5]]))).toEqual([[5, 5]]);
  expect(ordered(drawing())).toEqual([]);
  const star = Array.from({ length: 3000 }, (_, i): [number[]] => [
    [50, 50, 50 + Math.cos(i) * 40, 50 + Math.sin(i) * 40],
  ]);
  // Two rays are one stroke through the middle.
  expect(ordered(drawing(...star))).toHaveLength(1500);
});

test("20,000 dots a millimetre apart, strewn in the file, are all drawn within 1 % of the 20,000 mm it takes at least", () => {
  const dots = Array.from({ length: 20_000 }, (_, i): [number[]] => {
    const place = (i * 7919) % 20_000;
    return [[place % 200, Math.floor(place / 200)]];
  });
  const result = optimizeStrokes(drawing(...dots), settings());
  expect(new Set(result.strokes.map(({ points }) => points.join())).size).toBe(20_000);
  expect(travelMm(result)).toBeLessThan(1.01 * 20_000);
});

/** Every straight piece with its length, whichever way it is drawn. */
function pieces(strokes: readonly { points: Float64Array }[]): string[] {
  const all: string[] = [];
  for (const { points } of strokes) {
    for (let i = 2; i < points.length; i += 2) {
      const ends = [`${points[i - 2]},${points[i - 1]}`, `${points[i]},${points[i + 1]}`];
      all.push(ends.sort().join(" "));
    }
  }
  return all.sort();
}

test("ordering loses no ink and adds none, and the same drawing comes out the same", () => {
  const mm = fc.integer({ min: 0, max: 20 });
  const polyline = fc.array(fc.tuple(mm, mm), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(polyline, { maxLength: 40 }), fc.boolean(), (lines, keepOrder) => {
      const distinct = new Map(
        lines.map((line) => [pieces([{ points: Float64Array.from(line.flat()) }]).join(), line]),
      );
      const from = drawing(
        ...[...distinct.values()].map((line, i): [number[], number] => [line.flat(), i % 2]),
      );
      const result = optimizeStrokes(from, settings({ keepOrder }));
      expect(pieces(result.strokes)).toEqual(pieces(from.strokes));
      expect(optimizeStrokes(from, settings({ keepOrder }))).toEqual(result);
    }),
    { numRuns: 300 },
  );
});

test("joining adds at most the join radius of ink for each stroke it joins", () => {
  const mm = fc.double({ min: 0, max: 8, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(mm, mm, mm, mm), { minLength: 1, maxLength: 60 }), (lines) => {
      const from = drawing(...lines.map((line): [number[]] => [line]));
      const result = optimizeStrokes(from, settings({ joinMm: 0.5 }));
      const ink = (strokes: readonly Stroke[]): number =>
        strokes.reduce((sum, { points }) => sum + polylineLength(points), 0);
      const single = dropDoubles(from.strokes);
      const added = ink(result.strokes) - ink(single);
      expect(added).toBeGreaterThanOrEqual(-1e-9);
      expect(added).toBeLessThanOrEqual(0.5 * (single.length - result.strokes.length) + 1e-9);
    }),
    { numRuns: 200 },
  );
});

test("1000 lines on an A4 need less than 4.2 m of travel, where their own order takes 119", () => {
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const lines = Array.from({ length: 1000 }, (): [number[]] => {
    const [x, y, angle] = [10 + random() * 190, 10 + random() * 277, random() * 2 * Math.PI];
    return [[x, y, x + 7 * Math.cos(angle), y + 7 * Math.sin(angle)]];
  });
  expect(travelMm(optimizeStrokes(drawing(...lines), settings()))).toBeLessThan(4200);
});
