import type { Glyph } from "./glyphs.ts";
import type { Style } from "./style.ts";
import type { Track } from "./track.ts";

/** The track of a `textPath`, and where on it the text begins. Lengths in user units of the text. */
export interface Course {
  readonly track: Track;
  readonly startOffset: number;
}

/** A character of a `text` element; lengths in user units. There may be millions: what few have is in `marks`. */
export interface Character {
  /** Undefined where the font does not have it. */
  readonly glyph: Glyph | undefined;
  readonly style: Style;
  readonly marks: Marks | undefined;
  /** Of the `textPath` around it. */
  readonly course: Course | undefined;
  /** Where it is drawn, turned about this very place. */
  x: number;
  y: number;
  /** How it is turned; undefined while `marks` alone say so. */
  turnRad: number | undefined;
  /** How many times as wide as the font has it. */
  stretch: number;
  /** What an element around it sees of one that has its own `textLength`. */
  fitted: "no" | "first" | "further";
}

/** What attributes say of a single character. */
export interface Marks {
  /** Where it stands, if that is given: it begins a chunk, which is anchored as a whole. */
  readonly x: number | undefined;
  readonly y: number | undefined;
  readonly dx: number;
  readonly dy: number;
  readonly rotateDeg: number;
}

/** The `textLength` of an element, for its characters `from … to - 1`. */
export interface Fit {
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** The characters are stretched too, not only spaced. */
  readonly stretches: boolean;
}

/** Room for a character that the font does not have, em. */
const MISSING_ADVANCE = 0.5;

/**
 * Puts characters in their places as SVG 2 says (text layout algorithm): one behind the other, then spread over their
 * `textLength`s, then from each given position on, then anchored.
 *
 * @param fits those of inner elements first
 */
export function placeCharacters(line: readonly Character[], fits: readonly Fit[]): void {
  putOneBehindTheOther(line);
  const moves = new Float64Array(line.length + 1);
  for (const fit of fits) spread(line, moves, fit);
  settle(line, moves, 0, line.length);
  const starts = goToGiven(line);
  for (const [i, start] of starts.entries()) anchor(line.slice(start, starts[i + 1]));
}

function putOneBehindTheOther(line: readonly Character[]): void {
  let [x, y] = [0, 0];
  for (const character of line) {
    x += character.marks?.dx ?? 0;
    y += character.marks?.dy ?? 0;
    character.x = x;
    character.y = y;
    x += advance(character);
  }
}

/** How far the next character stands from it, in user units. */
export function advance({ glyph, style, stretch }: Character): number {
  return ((glyph?.advance ?? MISSING_ADVANCE) * style.fontSize + style.letterSpacing) * stretch;
}

/**
 * What follows moves on by as much as what is spread; after a spacing by one space more, as browsers have it.
 *
 * @param moves by how much each character, and all after it, has still to be moved: there may be as many fits as characters
 */
function spread(line: readonly Character[], moves: Float64Array, { from, to, length, stretches }: Fit): void {
  const own = line.slice(from, to);
  if (own.length === 0) return;
  settle(line, moves, from, from + own.length);
  const { left, right } = extent(own);
  const more = length - (right - left);
  const scale = right > left ? length / (right - left) : 1;
  const gaps = own.filter(({ fitted }) => fitted !== "further").length - 1;
  const gap = stretches || gaps === 0 ? 0 : more / gaps;
  let shift = 0;
  for (const [i, character] of own.entries()) {
    character.x = stretches ? left + (character.x - left) * scale : character.x + shift;
    if (stretches && character.fitted === "no") character.stretch *= scale;
    if (character.fitted !== "further") shift += gap;
    character.fitted = i === 0 ? "first" : "further";
  }
  moves[from + own.length]! += stretches ? more : shift;
}

/** Makes the moves of the characters `from … to - 1`; what is after them has then as much to be moved. */
function settle(line: readonly Character[], moves: Float64Array, from: number, to: number): void {
  let shift = 0;
  for (let i = from; i < to; i++) {
    shift += moves[i]!;
    moves[i] = 0;
    line[i]!.x += shift;
  }
  moves[to]! += shift;
}

/** @returns where chunks begin */
function goToGiven(line: readonly Character[]): number[] {
  let [shiftX, shiftY] = [0, 0];
  const starts = [0];
  for (const [i, character] of line.entries()) {
    const { x, y, dx = 0, dy = 0 } = character.marks ?? {};
    if (x !== undefined) shiftX = x + dx - character.x;
    if (y !== undefined) shiftY = y + dy - character.y;
    if (i > 0 && (x !== undefined || y !== undefined)) starts.push(i);
    character.x += shiftX;
    character.y += shiftY;
  }
  return starts;
}

/** Moves a chunk so that its start, its middle or its end is where its first character stood. */
function anchor(chunk: readonly Character[]): void {
  const first = chunk[0];
  if (!first) return;
  const { textAnchor } = first.style;
  const { left, right } = extent(chunk);
  const share = textAnchor === "middle" ? 0.5 : textAnchor === "end" ? 1 : 0;
  const shift = share === 0 ? 0 : first.x - left - share * (right - left);
  for (const character of chunk) character.x += shift;
}

function extent(line: readonly Character[]): { left: number; right: number } {
  let [left, right] = [Infinity, -Infinity];
  for (const character of line) {
    const end = character.x + advance(character);
    left = Math.min(left, character.x, end);
    right = Math.max(right, character.x, end);
  }
  return { left, right };
}
