import { PlottyError } from "../../shared/errors.ts";
import { glyphOf } from "./glyphs.ts";
import { type LengthBasis, parseLength } from "./length.ts";
import type { Style } from "./style.ts";
import { type Character, type Course, type Fit, type Marks, placeCharacters } from "./text-line.ts";
import { followPaths } from "./text-on-path.ts";
import { attribute, isText, type SvgNode } from "./tree.ts";

export interface TextLayout {
  /** Every character where it is drawn, in user units of the `text` element. */
  readonly characters: readonly Character[];
  /** Characters that the font does not have. */
  readonly missing: number;
  /** Texts along a path that is not there. */
  readonly withoutPath: number;
}

/** What is looked up for the elements inside a `text`. */
export interface TextLookup {
  /** The style of a `tspan` or the like; undefined when it is not displayed. */
  styleOf(node: SvgNode, parent: Style): Style | undefined;
  /** Where a `textPath` leads its text; undefined when it refers to no path. */
  courseOf(node: SvgNode, style: Style): Course | undefined;
}

const MAX_DEPTH = 100;
/** Of one text; more than a large sheet holds. */
const MAX_CHARACTERS = 300_000;

/**
 * Lays the characters of a `text` element out in lines as SVG says: `x`, `y`, `dx`, `dy` and `rotate` (lists too) and `textLength` of
 * the element and its `tspan`s, `text-anchor`, `letter-spacing`, `textPath`. White space collapses unless `xml:space` preserves it.
 */
export function layOutText(node: SvgNode, style: Style, basis: LengthBasis, lookup: TextLookup): TextLayout {
  const collected = new Collected(basis);
  collect(node, style, [], collected, lookup, 0);
  const { characters, fits, withoutPath } = collected;
  if (collected.endsWithSpace) characters.pop();
  placeCharacters(characters, fits);
  const drawn = collected.hasCourse ? followPaths(characters) : characters;
  const missing = drawn.filter(({ glyph }) => !glyph).length;
  return { characters: drawn, missing, withoutPath };
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
  into: Collected,
  lookup: TextLookup,
  depth: number,
): void {
  if (depth > MAX_DEPTH) return;
  const from = into.characters.length;
  const positions = [...outer, { lists: positionLists(node), at: 0 }];
  const preserves = attribute(node, "xml:space") === "preserve";
  for (const child of node.children) {
    if (isText(child)) into.write(child.text, style, positions, preserves);
    else if (child.name === "tspan" || child.name === "a" || child.name === "textPath") {
      const inner = lookup.styleOf(child, style);
      if (!inner || (child.name === "textPath" && !into.enterPath(lookup.courseOf(child, inner)))) continue;
      collect(child, inner, positions, into, lookup, depth + 1);
      if (child.name === "textPath") into.leavePath();
    }
  }
  into.fit(node, style, from);
}

function positionLists(node: SvgNode): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  // A textPath has no such attributes.
  if (node.name === "textPath") return lists;
  for (const name of ["x", "y", "dx", "dy", "rotate"]) {
    const words = (attribute(node, name) ?? "").split(/[\s,]+/).filter((word) => word !== "");
    const isValid = name !== "rotate" || words.every((word) => Number.isFinite(Number(word)));
    if (words.length > 0 && isValid) lists[name] = words;
  }
  return lists;
}

function tooLongText(): PlottyError {
  const most = MAX_CHARACTERS.toLocaleString("en");
  return new PlottyError("svg.too-complex", `a text has more than ${most} characters: split it into several`);
}

class Collected {
  readonly characters: Character[] = [];
  readonly fits: Fit[] = [];
  withoutPath = 0;
  hasCourse = false;
  readonly #basis: LengthBasis;
  /** White space that collapses: at the end of the text it goes. */
  endsWithSpace = false;
  #skipsSpace = true;
  #course: Course | undefined;
  /** Where the next character stands, unless it says so itself: a path has begun or ended. */
  #next: { x: number; y: number } | undefined;

  constructor(basis: LengthBasis) {
    this.#basis = basis;
  }

  write(text: string, style: Style, positions: readonly Positions[], preserves: boolean): void {
    if (this.characters.length + text.length > MAX_CHARACTERS) throw tooLongText();
    for (const character of text) {
      const isSpace = /\s/.test(character) && character !== "\u00a0";
      if (isSpace && this.#skipsSpace && !preserves) continue;
      this.#skipsSpace = isSpace;
      this.endsWithSpace = isSpace && !preserves;
      this.#set(isSpace ? " " : character, style, positions);
    }
  }

  /** @returns false when there is no path, or one already */
  enterPath(course: Course | undefined): boolean {
    if (!course) this.withoutPath++;
    if (!course || this.#course) return false;
    this.#course = course;
    this.hasCourse = true;
    this.#next = { x: 0, y: 0 };
    return true;
  }

  /** What follows stands at the end of the path. */
  leavePath(): void {
    const track = this.#course?.track;
    this.#course = undefined;
    this.#next = track?.at(track.length);
  }

  /** A `textLength` of 0 or less says nothing, as in browsers. */
  fit(node: SvgNode, style: Style, from: number): void {
    const basis = { ...this.#basis, fontSize: style.fontSize };
    const length = parseLength(attribute(node, "textLength"), "x", basis) ?? 0;
    if (length <= 0) return;
    const stretches = attribute(node, "lengthAdjust") === "spacingAndGlyphs";
    this.fits.push({ from, to: this.characters.length, length, stretches });
  }

  #set(text: string, style: Style, positions: readonly Positions[]): void {
    const marks = this.#marks(style, positions);
    const glyph = glyphOf(text);
    const [course, turnRad] = [this.#course, undefined];
    this.characters.push({ glyph, style, marks, course, turnRad, x: 0, y: 0, stretch: 1, fitted: "no" });
    for (const position of positions) position.at++;
  }

  #marks(style: Style, positions: readonly Positions[]): Marks | undefined {
    const given = (name: string) => this.#given(name, style, positions);
    const [dx, dy, rotateDeg] = [given("dx") ?? 0, given("dy") ?? 0, rotation(positions)];
    const next = this.#next;
    this.#next = undefined;
    const y = this.#course ? next?.y : (given("y") ?? next?.y);
    const marks = { x: given("x") ?? next?.x, y, dx, dy, rotateDeg };
    const isPlain = marks.x === undefined && marks.y === undefined && !dx && !dy && !rotateDeg;
    return isPlain ? undefined : marks;
  }

  /** The innermost element that gives a position for this character decides. */
  #given(name: string, style: Style, positions: readonly Positions[]): number | undefined {
    for (let i = positions.length - 1; i >= 0; i--) {
      const word = positions[i]!.lists[name]?.[positions[i]!.at];
      if (word === undefined) continue;
      const axis = name.endsWith("x") ? "x" : "y";
      return parseLength(word, axis, { ...this.#basis, fontSize: style.fontSize });
    }
    return undefined;
  }
}

/** Degrees: the innermost element with a list decides, and its last number is that of all the rest of its characters. */
function rotation(positions: readonly Positions[]): number {
  for (let i = positions.length - 1; i >= 0; i--) {
    const { lists, at } = positions[i]!;
    if (lists.rotate) return Number(lists.rotate[Math.min(at, lists.rotate.length - 1)]);
  }
  return 0;
}
