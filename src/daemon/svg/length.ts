import { MM_PER_INCH, PX_PER_INCH } from "../../shared/units.ts";
import { isCalculation, parseCalc } from "./calc.ts";

/** What a length is relative to. All in user units. */
export interface LengthBasis {
  readonly viewportWidth: number;
  readonly viewportHeight: number;
  readonly fontSize: number;
  readonly rootFontSize: number;
  /** The page, px: what `vw` and `vh` are of. */
  readonly pageWidth: number;
  readonly pageHeight: number;
}

/** Which extent of the viewport a per cent is of; `other` is the diagonal over √2 (radii). */
export type Axis = "x" | "y" | "other";

const PX_PER_UNIT: Readonly<Record<string, number>> = {
  px: 1,
  in: PX_PER_INCH,
  cm: (PX_PER_INCH / MM_PER_INCH) * 10,
  mm: PX_PER_INCH / MM_PER_INCH,
  q: PX_PER_INCH / MM_PER_INCH / 4,
  pt: PX_PER_INCH / 72,
  pc: PX_PER_INCH / 6,
};

const LENGTH = /^\s*([+-]?(?:\d*\.\d+|\d+)(?:e[+-]?\d+)?)(%|[a-z]*)\s*$/i;

/**
 * A length in user units.
 *
 * @returns undefined when the text is no length (so that a default applies)
 */
export function parseLength(text: string | undefined, axis: Axis, basis: LengthBasis): number | undefined {
  if (text === undefined) return undefined;
  const plain = plainNumber(text);
  if (plain !== undefined) return plain;
  const match = LENGTH.exec(text);
  if (!match) return isCalculation(text) ? parseCalc(text, (unit) => unitSize(unit, axis, basis)) : undefined;
  const size = match[2] === "" ? 1 : unitSize(match[2]!.toLowerCase(), axis, basis);
  const value = size === undefined ? Number.NaN : Number(match[1]) * size;
  return Number.isFinite(value) ? value : undefined;
}

/** What nearly all lengths are, `-12.345`, read without a pattern. */
function plainNumber(text: string): number | undefined {
  const from = text.charCodeAt(0) === 0x2d ? 1 : 0;
  let point = -1;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e && point < 0) point = i;
    else if (code < 0x30 || code > 0x39) return undefined;
  }
  return text.length > from && point !== text.length - 1 ? Number(text) : undefined;
}

/**
 * Of the serif font that browsers take where none is named, em: formulas and charts are written in such units. What a named font
 * says of itself is not known here.
 */
const X_HEIGHT = 0.459;
const CAP_HEIGHT = 0.655;
/** The small, large and dynamic screen are one and the same where no bars come and go. */
const SCREEN = /^[sld]v(?=[whib]$|min$|max$)/;

/** @returns user units of one `unit`, undefined for a unit that is none */
export function unitSize(unit: string, axis: Axis, basis: LengthBasis): number | undefined {
  const absolute = PX_PER_UNIT[unit];
  if (absolute !== undefined) return absolute;
  const { pageWidth, pageHeight, fontSize, rootFontSize } = basis;
  switch (unit.replace(SCREEN, "v")) {
    case "":
      return 1;
    case "%":
      return extent(axis, basis) / 100;
    case "em":
      return fontSize;
    case "rem":
      return rootFontSize;
    case "ex":
      return fontSize * X_HEIGHT;
    case "cap":
      return fontSize * CAP_HEIGHT;
    case "ch":
      return fontSize / 2;
    case "ic":
      return fontSize;
    case "ric":
      return rootFontSize;
    case "rex":
      return rootFontSize * X_HEIGHT;
    case "rcap":
      return rootFontSize * CAP_HEIGHT;
    case "rch":
      return rootFontSize / 2;
    case "vw":
    case "vi":
      return pageWidth / 100;
    case "vh":
    case "vb":
      return pageHeight / 100;
    case "vmin":
      return Math.min(pageWidth, pageHeight) / 100;
    case "vmax":
      return Math.max(pageWidth, pageHeight) / 100;
    default:
      return undefined;
  }
}

/** CSS asks for a unit where an attribute does without. */
export function isCssLength(text: string): boolean {
  const match = LENGTH.exec(text);
  if (!match)
    return isCalculation(text) && parseCalc(text, (unit) => unitSize(unit, "x", NO_BASIS)) !== undefined;
  const unit = match[2]!.toLowerCase();
  return unit === "" ? Number(match[1]) === 0 : unitSize(unit, "x", NO_BASIS) !== undefined;
}

/** Where nothing is around: a reader's own settings, which no drawing changes. */
export const NO_BASIS: LengthBasis = {
  viewportWidth: 0,
  viewportHeight: 0,
  fontSize: 16,
  rootFontSize: 16,
  pageWidth: 0,
  pageHeight: 0,
};

function extent(axis: Axis, { viewportWidth, viewportHeight }: LengthBasis): number {
  if (axis === "x") return viewportWidth;
  if (axis === "y") return viewportHeight;
  return Math.hypot(viewportWidth, viewportHeight) / Math.SQRT2;
}
