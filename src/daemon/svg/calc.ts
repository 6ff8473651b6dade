import { type Axis, type LengthBasis, unitSize } from "./length.ts";

const TOKEN = /\s*(?:([+-]?(?:\d*\.\d+|\d+)(?:e[+-]?\d+)?)(%|[a-z]+)?|([-+*/(),])|(calc|min|max|clamp)\()/giy;
const MAX_DEPTH = 32;

/**
 * `calc()`, `min()`, `max()` and `clamp()` of lengths, in user units.
 *
 * @returns undefined when it is not one of them or has an error
 */
export function parseCalc(text: string, axis: Axis, basis: LengthBasis): number | undefined {
  const reader = new CalcReader(text, (unit) => unitSize(unit, axis, basis));
  const value = reader.term(0);
  return reader.isDone && Number.isFinite(value) ? value : undefined;
}

class CalcReader {
  readonly #text: string;
  readonly #unit: (unit: string) => number | undefined;
  #at = 0;

  constructor(text: string, unit: (unit: string) => number | undefined) {
    this.#text = text.trim();
    this.#unit = unit;
  }

  get isDone(): boolean {
    return this.#at === this.#text.length;
  }

  sum(depth: number): number {
    let value = this.#product(depth);
    for (;;) {
      // CSS wants space around + and -, so that a sign is told from an operator.
      if (this.#takes(/\s+\+\s+/y)) value += this.#product(depth);
      else if (this.#takes(/\s+-\s+/y)) value -= this.#product(depth);
      else return value;
    }
  }

  #product(depth: number): number {
    let value = this.term(depth);
    for (;;) {
      if (this.#takes(/\s*\*\s*/y)) value *= this.term(depth);
      else if (this.#takes(/\s*\/\s*/y)) value /= this.term(depth);
      else return value;
    }
  }

  term(depth: number): number {
    if (depth > MAX_DEPTH) return Number.NaN;
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text);
    if (!token) return Number.NaN;
    this.#at = TOKEN.lastIndex;
    const [, number, unit, sign, name] = token;
    if (number !== undefined) return Number(number) * (this.#unit((unit ?? "").toLowerCase()) ?? Number.NaN);
    if (name === undefined && sign !== "(") return Number.NaN;
    const values = [this.sum(depth + 1)];
    while (this.#takes(/\s*,\s*/y)) values.push(this.sum(depth + 1));
    return this.#takes(/\s*\)/y) ? combine(name?.toLowerCase() ?? "calc", values) : Number.NaN;
  }

  #takes(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}

function combine(name: string, values: readonly number[]): number {
  if (name === "min") return Math.min(...values);
  if (name === "max") return Math.max(...values);
  if (name === "clamp") {
    return values.length === 3 ? Math.max(values[0]!, Math.min(values[1]!, values[2]!)) : Number.NaN;
  }
  return values.length === 1 ? values[0]! : Number.NaN;
}
