import {
  around,
  IDENTITY,
  type Matrix,
  multiply,
  rotation,
  scaling,
  skewing,
  translation,
} from "./matrix.ts";
import { NumberScanner } from "./number-scanner.ts";

const RAD_PER_DEG = Math.PI / 180;

/**
 * The `transform` attribute: a list of functions of plain numbers, angles in degrees.
 *
 * @returns undefined when the list has an error: browsers then take none of it
 */
export function parseTransformAttribute(text: string): Matrix | undefined {
  const scanner = new NumberScanner(text);
  let result = IDENTITY;
  scanner.skipSpace();
  while (!scanner.done) {
    const name = readName(scanner);
    const numbers = readArguments(scanner);
    const matrix = name && numbers ? build(name, numbers) : undefined;
    if (!matrix) return undefined;
    result = multiply(result, matrix);
    if (scanner.skipCommaSpace() && scanner.done) return undefined;
  }
  return result;
}

const NAME = /[A-Za-z]+/y;

function readName(scanner: NumberScanner): string | undefined {
  NAME.lastIndex = scanner.at;
  const name = NAME.exec(scanner.text)?.[0];
  scanner.at += name?.length ?? 0;
  return name;
}

function readArguments(scanner: NumberScanner): number[] | undefined {
  const numbers: number[] = [];
  scanner.skipSpace();
  if (scanner.text[scanner.at] !== "(") return undefined;
  scanner.at++;
  scanner.skipSpace();
  while (scanner.seesNumber) {
    const value = scanner.number();
    if (Number.isNaN(value)) return undefined;
    numbers.push(value);
    if (scanner.skipCommaSpace() && !scanner.seesNumber) return undefined;
  }
  if (scanner.text[scanner.at] !== ")") return undefined;
  scanner.at++;
  return numbers;
}

function build(name: string, n: readonly number[]): Matrix | undefined {
  const count = n.length;
  const first = n[0] ?? 0;
  switch (name) {
    case "matrix":
      if (count !== 6) return undefined;
      return { a: n[0]!, b: n[1]!, c: n[2]!, d: n[3]!, e: n[4]!, f: n[5]! };
    case "translate":
      return count === 1 || count === 2 ? translation(first, n[1] ?? 0) : undefined;
    case "scale":
      return count === 1 || count === 2 ? scaling(first, n[1] ?? first) : undefined;
    case "rotate":
      if (count === 1) return rotation(first * RAD_PER_DEG);
      return count === 3 ? around(n[1]!, n[2]!, rotation(first * RAD_PER_DEG)) : undefined;
    case "skewX":
      return count === 1 ? skewing(first * RAD_PER_DEG, 0) : undefined;
    case "skewY":
      return count === 1 ? skewing(0, first * RAD_PER_DEG) : undefined;
    default:
      return undefined;
  }
}
