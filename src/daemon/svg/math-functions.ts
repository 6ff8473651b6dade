/** Constants of CSS calculations; `none` is a bound of `clamp()` that does not bind. */
export const MATH_CONSTANTS: Readonly<Record<string, number>> = {
  e: Math.E,
  pi: Math.PI,
  infinity: Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
  none: Number.NaN,
};

type Fixed = readonly [count: number, of: (a: number, b: number) => number];

/** Functions of one or two numbers; angles are radians. */
const FIXED: Readonly<Record<string, Fixed>> = {
  calc: [1, (a) => a],
  sin: [1, Math.sin],
  cos: [1, Math.cos],
  tan: [1, Math.tan],
  asin: [1, Math.asin],
  acos: [1, Math.acos],
  atan: [1, Math.atan],
  sqrt: [1, Math.sqrt],
  exp: [1, Math.exp],
  abs: [1, Math.abs],
  sign: [1, Math.sign],
  atan2: [2, Math.atan2],
  pow: [2, (a, b) => a ** b],
  rem: [2, (a, b) => a % b],
  mod: [2, (a, b) => a - b * Math.floor(a / b)],
};
const OTHERS = new Set(["min", "max", "clamp", "hypot", "log", "round"]);

export function isMathFunction(name: string): boolean {
  return Object.hasOwn(FIXED, name) || OTHERS.has(name);
}

/**
 * What a function of CSS Values 4, chapter 10, makes of its arguments.
 *
 * @param strategy of `round()`: `nearest`, `up`, `down` or `to-zero`
 * @returns NaN when they are not as many as it takes
 */
export function combine(name: string, values: readonly number[], strategy: string): number {
  const [a, b] = values as [number, number];
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (fixed) return values.length === fixed[0] ? fixed[1](a, b) : Number.NaN;
  if (name === "min") return Math.min(...values);
  if (name === "max") return Math.max(...values);
  if (name === "hypot") return Math.hypot(...values);
  if (name === "clamp") return values.length === 3 ? clamped(a, b, values[2]!) : Number.NaN;
  if (values.length > 2) return Number.NaN;
  if (name === "log") return values.length === 1 ? Math.log(a) : Math.log(a) / Math.log(b);
  return rounded(a, b ?? 1, strategy);
}

function clamped(least: number, value: number, most: number): number {
  const below = Number.isNaN(most) ? value : Math.min(value, most);
  return Number.isNaN(least) ? below : Math.max(least, below);
}

function rounded(value: number, step: number, strategy: string): number {
  const steps = value / step;
  if (strategy === "up") return Math.ceil(steps) * step;
  if (strategy === "down") return Math.floor(steps) * step;
  if (strategy === "to-zero") return Math.trunc(steps) * step;
  return Math.floor(steps + 0.5) * step;
}
