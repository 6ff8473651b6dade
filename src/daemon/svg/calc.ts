import { combine, isMathFunction, MATH_CONSTANTS } from "./math-functions.ts";

const TOKEN = /\s*(?:([+-]?(?:\d*\.\d+|\d+)(?:e[+-]?\d+)?)(%|[a-z]+)?|([-+]?[a-z][a-z0-9-]*)(\(?)|(\())/iy;
const MAX_DEPTH = 32;

/** What one of a unit is; undefined for a unit that is none there. */
export type UnitSize = (unit: string) => number | undefined;

const RADIANS: Readonly<Record<string, number>> = {
  deg: Math.PI / 180,
  grad: Math.PI / 200,
  rad: 1,
  turn: 2 * Math.PI,
};

/** Whether a text begins like a calculation. */
export function isCalculation(text: string): boolean {
  const name = /^\s*([a-z][a-z0-9-]*)\(/i.exec(text)?.[1];
  return name !== undefined && isMathFunction(name.toLowerCase());
}

/**
 * `calc()`, `min()`, `clamp()`, `sin()` and all the other mathematics of CSS Values 4.
 *
 * @param unit sizes of the units that the value is of; angles are radians
 * @returns undefined when it is not one of them or has an error
 */
export function parseCalc(text: string, unit: UnitSize): number | undefined {
  const reader = new CalcReader(text, (name) => RADIANS[name] ?? unit(name));
  const value = reader.term(0);
  return reader.isDone && Number.isFinite(value) ? value : undefined;
}

class CalcReader {
  readonly #text: string;
  readonly #unit: UnitSize;
  #at = 0;

  constructor(text: string, unit: UnitSize) {
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
    const [, number, unit = "", name, opens] = token;
    if (number !== undefined) return Number(number) * (this.#unit(unit.toLowerCase()) ?? Number.NaN);
    if (name === undefined) return this.#arguments("calc", depth);
    const word = name.toLowerCase();
    return opens === "(" ? this.#arguments(word, depth) : (MATH_CONSTANTS[word] ?? Number.NaN);
  }

  #arguments(name: string, depth: number): number {
    if (!isMathFunction(name)) return Number.NaN;
    const strategy = name === "round" ? this.#strategy() : "";
    const values = [this.sum(depth + 1)];
    while (this.#takes(/\s*,\s*/y)) values.push(this.sum(depth + 1));
    return this.#takes(/\s*\)/y) ? combine(name, values, strategy) : Number.NaN;
  }

  /** How `round()` is to round. */
  #strategy(): string {
    const word = /\s*(nearest|up|down|to-zero)\s*,/iy;
    word.lastIndex = this.#at;
    const match = word.exec(this.#text);
    if (match) this.#at = word.lastIndex;
    return match?.[1]?.toLowerCase() ?? "nearest";
  }

  #takes(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}
