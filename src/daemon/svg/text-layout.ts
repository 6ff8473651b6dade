import { glyphOf } from "./glyphs.ts";
import { type LengthBasis, parseLength } from "./length.ts";
import type { Style } from "./style.ts";
import { attribute, isText, type SvgNode } from "./tree.ts";

/** One character where it is drawn, in user units of the `text` element. */
export interface PlacedGlyph {
  readonly polylines: readonly (readonly number[])[];
  readonly style: Style;
  x: number;
  y: number;
}

export interface TextLayout {
  readonly glyphs: readonly PlacedGlyph[];
  /** Characters that the font does not have. */
  readonly missing: number;
  /** Texts along a path, which are not laid out. */
  readonly alongPaths: number;
}

/** Looks up the style of a `tspan`; undefined when it is not displayed. */
export type StyleOf = (node: SvgNode, parent: Style) => Style | undefined;

const MAX_DEPTH = 100;
/** Room for a character that the font does not have, em. */
const MISSING_ADVANCE = 0.5;

/**
 * Lays the characters of a `text` element out in lines as SVG says: `x`, `y`, `dx` and `dy` (lists too) of the element and its
 * `tspan`s, `text-anchor`, `letter-spacing`. White space collapses unless `xml:space` preserves it.
 */
export function layOutText(node: SvgNode, style: Style, basis: LengthBasis, styleOf: StyleOf): TextLayout {
  const line = new Line(basis);
  collect(node, style, [], line, styleOf, 0);
  line.endChunk();
  return { glyphs: line.glyphs, missing: line.missing, alongPaths: line.alongPaths };
}

/** The position lists of an element, and how many of its characters have been set. */
interface Positions {
  readonly lists: Readonly<Record<string, readonly string[]>>;
  at: number;
}

function collect(
  node: SvgNode,
  style: Style,
  outer: readonly Positions[],
  line: Line,
  styleOf: StyleOf,
  depth: number,
): void {
  if (depth > MAX_DEPTH) return;
  const positions = [...outer, { lists: positionLists(node), at: 0 }];
  const preserves = attribute(node, "xml:space") === "preserve";
  for (const child of node.children) {
    if (isText(child)) line.write(child.text, style, positions, preserves);
    else if (child.name === "textPath") line.alongPaths++;
    else if (child.name === "tspan" || child.name === "a") {
      const inner = styleOf(child, style);
      if (inner) collect(child, inner, positions, line, styleOf, depth + 1);
    }
  }
}

function positionLists(node: SvgNode): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  for (const name of ["x", "y", "dx", "dy"]) {
    const words = (attribute(node, name) ?? "").split(/[\s,]+/).filter((word) => word !== "");
    if (words.length > 0) lists[name] = words;
  }
  return lists;
}

class Line {
  readonly glyphs: PlacedGlyph[] = [];
  missing = 0;
  alongPaths = 0;
  readonly #basis: LengthBasis;
  #x = 0;
  #y = 0;
  /** Of the chunk that an absolute position began; it is anchored as a whole. */
  #chunkFrom = 0;
  #chunkX = 0;
  #anchor = "start";
  #endsWithSpace = true;
  #spaceWidth = 0;

  constructor(basis: LengthBasis) {
    this.#basis = basis;
  }

  write(text: string, style: Style, positions: readonly Positions[], preserves: boolean): void {
    for (const character of text) {
      const isSpace = /\s/.test(character) && character !== "\u00a0";
      if (isSpace && this.#endsWithSpace && !preserves) continue;
      this.#endsWithSpace = isSpace;
      this.#set(isSpace ? " " : character, style, positions);
    }
  }

  endChunk(): void {
    const width = this.#x - this.#chunkX - (this.#endsWithSpace ? this.#spaceWidth : 0);
    const share = this.#anchor === "middle" ? 0.5 : this.#anchor === "end" ? 1 : 0;
    for (let i = this.#chunkFrom; i < this.glyphs.length; i++) this.glyphs[i]!.x -= share * width;
    this.#chunkFrom = this.glyphs.length;
    this.#chunkX = this.#x;
  }

  #set(character: string, style: Style, positions: readonly Positions[]): void {
    const { fontSize, letterSpacing } = style;
    const [x, y] = [this.#given("x", style, positions), this.#given("y", style, positions)];
    if (x !== undefined || y !== undefined) {
      this.endChunk();
      this.#x = x ?? this.#x;
      this.#y = y ?? this.#y;
      this.#chunkX = this.#x;
    }
    if (this.#chunkFrom === this.glyphs.length) this.#anchor = style.textAnchor;
    this.#x += this.#given("dx", style, positions) ?? 0;
    this.#y += this.#given("dy", style, positions) ?? 0;
    for (const position of positions) position.at++;
    const glyph = glyphOf(character);
    if (!glyph) this.missing++;
    else if (glyph.polylines.length > 0) {
      this.glyphs.push({ polylines: glyph.polylines, style, x: this.#x, y: this.#y });
    }
    const advance = (glyph?.advance ?? MISSING_ADVANCE) * fontSize + letterSpacing;
    if (character === " ") this.#spaceWidth = advance;
    this.#x += advance;
  }

  /** The innermost element that gives a position for this character decides. */
  #given(name: "x" | "y" | "dx" | "dy", style: Style, positions: readonly Positions[]): number | undefined {
    for (let i = positions.length - 1; i >= 0; i--) {
      const word = positions[i]!.lists[name]?.[positions[i]!.at];
      if (word === undefined) continue;
      const axis = name.endsWith("x") ? "x" : "y";
      return parseLength(word, axis, { ...this.#basis, fontSize: style.fontSize });
    }
    return undefined;
  }
}
