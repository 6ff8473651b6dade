import fc from "fast-check";
import { expect, test } from "vitest";
import { ellipseOfArc } from "../../src/daemon/svg/arc.ts";
import { Flattener } from "../../src/daemon/svg/flatten.ts";

const TOLERANCE_MM = 0.01;
const coordinate = fc.integer({ min: -20_000, max: 20_000 }).map((value) => value / 100);
const factor = fc.integer({ min: -300, max: 300 }).map((value) => value / 100);
const matrix = fc.record({ a: factor, b: factor, c: factor, d: factor, e: coordinate, f: coordinate });
type Map2 = { a: number; b: number; c: number; d: number; e: number; f: number };

function flatten(toMm: Map2, draw: (sink: Flattener) => void): Float64Array {
  let points: Float64Array = new Float64Array();
  const flattener = new Flattener(TOLERANCE_MM, (outline) => {
    points = outline.points;
  });
  flattener.begin(toMm);
  draw(flattener);
  flattener.end();
  return points;
}

function distanceToPolyline(x: number, y: number, points: Float64Array): number {
  let least = Math.hypot(x - points[0]!, y - points[1]!);
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay] = [points[i - 2]!, points[i - 1]!];
    const [dx, dy] = [points[i]! - ax, points[i + 1]! - ay];
    const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return least;
}

test("every point of a cubic is within 0.01 mm of its polyline, after the transform", () => {
  fc.assert(
    fc.property(matrix, fc.array(coordinate, { minLength: 8, maxLength: 8 }), (m, n) => {
      const [x0, y0, x1, y1, x2, y2, x3, y3] = n as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const points = flatten(m, (sink) => {
        sink.moveTo(x0, y0);
        sink.cubicTo(x1, y1, x2, y2, x3, y3);
      });
      fc.pre(points.length > 2);
      for (let i = 0; i <= 100; i++) {
        const t = i / 100;
        const [p, q] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t];
        const [r, s] = [3 * (1 - t) * t * t, t ** 3];
        const x = p * x0 + q * x1 + r * x2 + s * x3;
        const y = p * y0 + q * y1 + r * y2 + s * y3;
        const off = distanceToPolyline(m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f, points);
        expect(off).toBeLessThan(TOLERANCE_MM * 1.001);
      }
    }),
    { numRuns: 200 },
  );
});

test("every point of an arc is within 0.01 mm of its polyline, after the transform", () => {
  const radius = fc.integer({ min: 10, max: 15_000 }).map((value) => value / 100);
  fc.assert(
    fc.property(
      matrix,
      coordinate,
      coordinate,
      radius,
      radius,
      coordinate,
      fc.boolean(),
      fc.boolean(),
      (m, x, y, rx, ry, turn, large, sweep) => {
        const arc = ellipseOfArc(0, 0, rx, ry, turn, large, sweep, x, y);
        fc.pre(arc !== undefined);
        const points = flatten(m, (sink) => {
          sink.moveTo(0, 0);
          sink.arcTo(rx, ry, turn, large, sweep, x, y);
        });
        fc.pre(points.length > 2);
        for (let i = 0; i <= 100; i++) {
          const angle = arc!.startRad + (arc!.sweepRad * i) / 100;
          const [u, v] = [arc!.rx * Math.cos(angle), arc!.ry * Math.sin(angle)];
          const px = arc!.cx + u * Math.cos(arc!.turnRad) - v * Math.sin(arc!.turnRad);
          const py = arc!.cy + u * Math.sin(arc!.turnRad) + v * Math.cos(arc!.turnRad);
          const off = distanceToPolyline(m.a * px + m.c * py + m.e, m.b * px + m.d * py + m.f, points);
          expect(off).toBeLessThan(TOLERANCE_MM * 1.01);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("a circle of 10 mm takes 73 points: the chord of a step leaves it by 0.01 mm", () => {
  const points = flatten({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }, (sink) => {
    sink.moveTo(10, 0);
    for (const [x, y] of [
      [0, 10],
      [-10, 0],
      [0, -10],
      [10, 0],
    ] as const)
      sink.arcTo(10, 10, 0, false, true, x, y);
  });
  // 2 acos(1 - 0.001) is 5.126 degrees: 18 pieces a quarter.
  expect(points.length / 2).toBe(4 * 18 + 1);
});
