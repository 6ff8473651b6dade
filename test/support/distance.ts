type Pair = readonly [number, number];

/** Largest distance of any of `points` from the nearest of `polylines`, mm. */
export function farthest(points: Iterable<Pair>, polylines: readonly ArrayLike<number>[]): number {
  let far = 0;
  for (const point of points) far = Math.max(far, distanceTo(point, polylines));
  return far;
}

/** Points every `stepMm` along polylines of flat x, y. */
export function* sample(polylines: readonly ArrayLike<number>[], stepMm: number): Generator<Pair> {
  for (const line of polylines) {
    yield [line[0]!, line[1]!];
    for (let i = 2; i < line.length; i += 2) {
      const [ax, ay, bx, by] = [line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!];
      const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / stepMm));
      for (let k = 1; k <= steps; k++) yield [ax + ((bx - ax) * k) / steps, ay + ((by - ay) * k) / steps];
    }
  }
}

function distanceTo([x, y]: Pair, polylines: readonly ArrayLike<number>[]): number {
  let near = Infinity;
  for (const line of polylines) {
    if (line.length === 2) near = Math.min(near, Math.hypot(line[0]! - x, line[1]! - y));
    for (let i = 2; i < line.length; i += 2) {
      const [ax, ay, dx, dy] = [
        line[i - 2]!,
        line[i - 1]!,
        line[i]! - line[i - 2]!,
        line[i + 1]! - line[i - 1]!,
      ];
      const length2 = dx * dx + dy * dy;
      const along = length2 > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2)) : 0;
      near = Math.min(near, Math.hypot(ax + along * dx - x, ay + along * dy - y));
    }
  }
  return near;
}
