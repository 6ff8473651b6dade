/** An affine map: `x' = a x + c y + e`, `y' = b x + d y + f`, as in SVG's `matrix(a b c d e f)`. */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const IDENTITY: Matrix = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** The map that applies `inner` first, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  if (inner === IDENTITY) return outer;
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
    e: outer.a * inner.e + outer.c * inner.f + outer.e,
    f: outer.b * inner.e + outer.d * inner.f + outer.f,
  };
}

export function translation(x: number, y: number): Matrix {
  return x === 0 && y === 0 ? IDENTITY : { a: 1, b: 0, c: 0, d: 1, e: x, f: y };
}

export function scaling(x: number, y: number): Matrix {
  return { a: x, b: 0, c: 0, d: y, e: 0, f: 0 };
}

/** Clockwise on screen for a positive angle, since y points down. */
export function rotation(angleRad: number): Matrix {
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  return { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
}

export function skewing(xRad: number, yRad: number): Matrix {
  return { a: 1, b: Math.tan(yRad), c: Math.tan(xRad), d: 1, e: 0, f: 0 };
}

/** `inner` as it acts around the point (x, y) instead of around the origin. */
export function around(x: number, y: number, inner: Matrix): Matrix {
  if (x === 0 && y === 0) return inner;
  return multiply(translation(x, y), multiply(inner, translation(-x, -y)));
}

/** The most that any direction is stretched: the larger singular value. */
export function largestStretch({ a, b, c, d }: Matrix): number {
  const mean = (a * a + b * b + c * c + d * d) / 2;
  const det = a * d - b * c;
  return Math.sqrt(mean + Math.sqrt(Math.max(0, mean * mean - det * det)));
}

export function isFiniteMatrix({ a, b, c, d, e, f }: Matrix): boolean {
  return Number.isFinite(a + b + c + d + e + f);
}
