import type { Bounds } from "../../shared/geometry.ts";
import { isCalculation, parseCalc } from "./calc.ts";
import { splitTopLevel } from "./css-words.ts";
import { type Axis, isCssLength, type LengthBasis, parseLength } from "./length.ts";
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

/**
 * What `%` and `transform-origin` refer to: a box at the origin of user space, as large as the view box; or the element's own box with
 * `transform-box: fill-box`.
 */
export interface ReferenceBox extends Bounds {}

const FUNCTION = /\s*([a-z0-9]+)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*/giy;

/**
 * The CSS `transform` property, as it acts in the plane: 3D functions count with what they do to x and y.
 *
 * @returns undefined when the value is not valid (the declaration is then void)
 */
export function parseCssTransform(text: string, basis: LengthBasis, box: ReferenceBox): Matrix | undefined {
  if (/^\s*none\s*$/i.test(text)) return IDENTITY;
  let result = IDENTITY;
  FUNCTION.lastIndex = 0;
  while (FUNCTION.lastIndex < text.length) {
    const match = FUNCTION.exec(text);
    if (!match) return undefined;
    const at = FUNCTION.lastIndex;
    const args = splitTopLevel(match[2]!, ",");
    const matrix = build(match[1]!.toLowerCase(), args, basis, box);
    if (!matrix) return undefined;
    result = multiply(result, matrix);
    FUNCTION.lastIndex = at;
  }
  return result;
}

/** `transform-origin`: one to three values; the default of SVG elements is the box's corner, 0 0. */
export function parseTransformOrigin(
  text: string | undefined,
  basis: LengthBasis,
  box: ReferenceBox,
): { x: number; y: number } {
  const given = (text ?? "")
    .trim()
    .toLowerCase()
    .split(/\s+(?![^(]*\))/);
  const words = given[0] === "" || given.length > 3 ? ["0", "0"] : given;
  let [horizontal, vertical] = [words[0] ?? "0", words[1] ?? "center"];
  if (/^(top|bottom)$/.test(horizontal) || /^(left|right)$/.test(vertical)) {
    [horizontal, vertical] = [words.length > 1 ? vertical : "center", horizontal];
  }
  const x = offset(horizontal, "x", basis, box);
  const y = offset(vertical, "y", basis, box);
  return x === undefined || y === undefined
    ? { x: box.minX, y: box.minY }
    : { x: box.minX + x, y: box.minY + y };
}

/** The transform as it acts around its origin. */
export function aroundOrigin(origin: { x: number; y: number }, matrix: Matrix): Matrix {
  return around(origin.x, origin.y, matrix);
}

function offset(word: string, axis: Axis, basis: LengthBasis, box: ReferenceBox): number | undefined {
  const share = { left: 0, top: 0, center: 0.5, right: 1, bottom: 1 }[word];
  if (share !== undefined) return share * (axis === "x" ? box.maxX - box.minX : box.maxY - box.minY);
  return length(word, axis, basis, box);
}

function length(
  text: string | undefined,
  axis: Axis,
  basis: LengthBasis,
  box: ReferenceBox,
): number | undefined {
  if (text === undefined) return 0;
  // In an attribute a bare number is one of user units; where CSS forbids it the cascade has refused it already.
  const ofBox = { ...basis, viewportWidth: box.maxX - box.minX, viewportHeight: box.maxY - box.minY };
  return parseLength(text, axis, ofBox);
}

function angle(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (isCalculation(text)) return parseCalc(text, (unit) => (unit === "" ? 1 : undefined));
  if (/^[+-]?(?:0+\.?0*|\.0+)$/.test(text)) return 0;
  return /^[^\s(]*(?:deg|grad|rad|turn)$/i.test(text)
    ? parseCalc(`calc(${text})`, () => undefined)
    : undefined;
}

/** A factor: a number or a per cent. */
function factor(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (isCalculation(text))
    return parseCalc(text, (unit) => (unit === "" ? 1 : unit === "%" ? 0.01 : undefined));
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function plainNumber(text: string): number {
  const value = isCalculation(text) ? parseCalc(text, (unit) => (unit === "" ? 1 : undefined)) : Number(text);
  return text === "" ? Number.NaN : (value ?? Number.NaN);
}

function build(
  name: string,
  args: readonly string[],
  basis: LengthBasis,
  box: ReferenceBox,
): Matrix | undefined {
  const count = args.length;
  switch (name) {
    case "matrix":
    case "matrix3d":
      return matrixOf(name, args.map(plainNumber));
    case "translate":
    case "translate3d":
      if (count > (name === "translate" ? 2 : 3)) return undefined;
      return shift(args[0], args[1], basis, box);
    case "translatex":
      return count === 1 ? shift(args[0], undefined, basis, box) : undefined;
    case "translatey":
      return count === 1 ? shift("0", args[0], basis, box) : undefined;
    case "translatez":
      return count === 1 ? IDENTITY : undefined;
    case "scale":
    case "scale3d":
      return grow(factor(args[0]), count > 1 ? factor(args[1]) : factor(args[0]));
    case "scalex":
      return grow(factor(args[0]), 1);
    case "scaley":
      return grow(1, factor(args[0]));
    case "scalez":
      return IDENTITY;
    case "perspective":
      return IDENTITY;
    case "rotate":
    case "rotatez":
      return turn(count === 1 ? angle(args[0]) : undefined, rotation);
    case "rotatex":
      return turn(angle(args[0]), (rad) => scaling(1, Math.cos(rad)));
    case "rotatey":
      return turn(angle(args[0]), (rad) => scaling(Math.cos(rad), 1));
    case "rotate3d":
      return turn(angle(args[3]), (rad) => aboutAxis(args.slice(0, 3).map(plainNumber), rad));
    case "skewx":
      return turn(angle(args[0]), (rad) => skewing(rad, 0));
    case "skewy":
      return turn(angle(args[0]), (rad) => skewing(0, rad));
    case "skew": {
      const y = count > 1 ? angle(args[1]) : 0;
      return turn(angle(args[0]), (rad) => (y === undefined ? undefined : skewing(rad, y)));
    }
    default:
      return undefined;
  }
}

function matrixOf(name: string, n: readonly number[]): Matrix | undefined {
  if (n.length !== (name === "matrix" ? 6 : 16) || n.some((value) => !Number.isFinite(value)))
    return undefined;
  const [a, b, c, d, e, f] = name === "matrix" ? n : [n[0], n[1], n[4], n[5], n[12], n[13]];
  return { a: a!, b: b!, c: c!, d: d!, e: e!, f: f! };
}

function shift(
  x: string | undefined,
  y: string | undefined,
  basis: LengthBasis,
  box: ReferenceBox,
): Matrix | undefined {
  if ((x !== undefined && !isCssLength(x)) || (y !== undefined && !isCssLength(y))) return undefined;
  const dx = length(x, "x", basis, box);
  const dy = length(y, "y", basis, box);
  return dx === undefined || dy === undefined ? undefined : translation(dx, dy);
}

function grow(x: number | undefined, y: number | undefined): Matrix | undefined {
  return x === undefined || y === undefined ? undefined : scaling(x, y);
}

function turn(rad: number | undefined, make: (rad: number) => Matrix | undefined): Matrix | undefined {
  return rad === undefined ? undefined : make(rad);
}

/** Rodrigues' rotation, its x and y rows and columns. */
function aboutAxis(axis: readonly number[], rad: number): Matrix {
  const size = Math.hypot(...axis) || 1;
  const [x, y, z] = axis.map((value) => value / size) as [number, number, number];
  const cos = Math.cos(rad);
  const sin = Math.sin(rad);
  const rest = 1 - cos;
  return {
    a: cos + x * x * rest,
    b: y * x * rest + z * sin,
    c: x * y * rest - z * sin,
    d: cos + y * y * rest,
    e: 0,
    f: 0,
  };
}
