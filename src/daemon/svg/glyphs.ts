import { HERSHEY_SANS } from "./hershey-sans.ts";

/** A character of the single-stroke font, in em, y downwards from the baseline. */
export interface Glyph {
  readonly advance: number;
  readonly polylines: readonly (readonly number[])[];
}

const ASCENT = 0.788;
const DESCENT = 0.22;
const X_HEIGHT = 0.441;

/** How high above the foot of the letters each `dominant-baseline` is, em; the shares are those that browsers take without a table. */
export const BASELINES: Readonly<Record<string, number>> = {
  auto: 0,
  alphabetic: 0,
  middle: X_HEIGHT / 2,
  central: (ASCENT - DESCENT) / 2,
  mathematical: ASCENT / 2,
  hanging: 0.8 * ASCENT,
  "text-before-edge": ASCENT,
  "text-top": ASCENT,
  "text-after-edge": -DESCENT,
  "text-bottom": -DESCENT,
  ideographic: -DESCENT,
};

let glyphs: Map<string, Glyph> | undefined;

/** @returns undefined for a character that the font does not have */
export function glyphOf(character: string): Glyph | undefined {
  glyphs ??= new Map(HERSHEY_SANS.map(([name, advance, polylines]) => [name, parse(advance, polylines)]));
  return glyphs.get(character) ?? glyphs.get(character.normalize("NFD")[0]!);
}

function parse(advance: number, text: string): Glyph {
  const polylines = text === "" ? [] : text.split("|").map(parsePolyline);
  return { advance: advance / 1000, polylines };
}

function parsePolyline(text: string): number[] {
  return text.split(/[ ,]/).map((number, i) => (i % 2 === 0 ? Number(number) : -Number(number)) / 1000);
}
