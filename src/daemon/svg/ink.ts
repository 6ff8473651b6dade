import type { Stroke } from "../../shared/drawing.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { Polyline } from "../../shared/geometry.ts";
import { Flattener, type Outline } from "./flatten.ts";
import type { LengthBasis } from "./length.ts";
import { counted, type Notes } from "./notes.ts";
import { isNone } from "./paint.ts";
import type { Scope } from "./scope.ts";
import { drawShape } from "./shapes.ts";
import type { Cascaded, Style } from "./style.ts";
import { layOutText, type TextLookup } from "./text-layout.ts";
import type { Character } from "./text-line.ts";
import { attribute, describe, type SvgNode } from "./tree.ts";

const MAX_STROKES = 1_000_000;

/** Which layer a stroke belongs to. */
export interface LayerChoice {
  /** @param layer of the groups around it, -1 outside all */
  place(layer: number, color: string): number;
}

/** Draws shapes and text as strokes, where their style paints them. */
export class Ink {
  readonly strokes: Stroke[] = [];
  readonly #layers: LayerChoice;
  readonly #notes: Notes;
  readonly #flattener: Flattener;
  readonly #measures: boolean;
  /** Of the shape being drawn. */
  #style: Style | undefined;
  #isPainted = false;
  #layer = 0;
  #color = "";
  #drawsDots = false;

  /** @param measures what is hidden or without paint is drawn too, for the box of an element */
  constructor(layers: LayerChoice, toleranceMm: number, notes: Notes, measures = false) {
    this.#layers = layers;
    this.#notes = notes;
    this.#measures = measures;
    this.#flattener = new Flattener(toleranceMm, (outline) => this.#collect(outline));
  }

  #take(style: Style): void {
    this.#style = style;
    this.#isPainted = this.#paints(style);
    this.#color = visibleColor(style);
    this.#drawsDots = style.linecap !== "butt" && !isNone(style.stroke);
  }

  /** Draws one of the basic shapes. @param style its own */
  drawShape(node: SvgNode, cascaded: Cascaded, scope: Scope, style = scope.style): void {
    if (style !== this.#style) this.#take(style);
    if (!this.#isPainted) return;
    this.#layer = scope.layer;
    this.#flattener.begin(scope.toMm);
    const problem = drawShape(sourceOf(node, cascaded, scope.basis), this.#flattener);
    this.#flattener.end();
    if (problem) {
      this.#notes.tally("error", `${describe(node)} ${problem}`, (count, first) =>
        count === 1 ? first : `${count} shapes have errors; the first: ${first}`,
      );
    }
  }

  /** Draws a `text` element in the single-stroke font. */
  drawText(node: SvgNode, scope: Scope, lookup: TextLookup): void {
    const { characters, missing, withoutPath } = layOutText(node, scope.style, scope.basis, lookup);
    this.#layer = scope.layer;
    this.#style = undefined;
    this.#drawsDots = false;
    for (const each of characters) if (this.#paints(each.style)) this.#drawGlyph(each, scope);
    this.#notes.add("text is drawn in a single-stroke font (Hershey)");
    for (let i = 0; i < withoutPath; i++) {
      this.#notes.tally(
        "textPath",
        "",
        (count) => `${counted(count, "text")} along no path of this file left out`,
      );
    }
    for (let i = 0; i < missing; i++) {
      this.#notes.tally(
        "glyph",
        "",
        (count) => `${counted(count, "character")} that the font does not have left out`,
      );
    }
  }

  #drawGlyph(character: Character, scope: Scope): void {
    const { glyph, style, marks, x, y, stretch } = character;
    const turnRad = character.turnRad ?? ((marks?.rotateDeg ?? 0) * Math.PI) / 180;
    const [cos, sin] = [Math.cos(turnRad) * style.fontSize, Math.sin(turnRad) * style.fontSize];
    this.#color = visibleColor(style);
    this.#flattener.begin(scope.toMm);
    for (const numbers of glyph?.polylines ?? []) {
      for (let i = 0; i < numbers.length; i += 2) {
        const [right, down] = [numbers[i]! * stretch, numbers[i + 1]! + style.baselineEm];
        const [atX, atY] = [x + cos * right - sin * down, y + sin * right + cos * down];
        if (i === 0) this.#flattener.moveTo(atX, atY);
        else this.#flattener.lineTo(atX, atY);
      }
    }
    this.#flattener.end();
  }

  #paints(style: Style): boolean {
    return this.#measures || (style.visible && !(isNone(style.stroke) && isNone(style.fill)));
  }

  #collect({ points }: Outline): void {
    // A browser shows a subpath without length only by its round or square caps.
    if (points.length === 2 && !this.#drawsDots) return;
    if (!allFinite(points)) {
      this.#notes.tally(
        "infinite",
        "",
        (count) => `${counted(count, "stroke")} with coordinates beyond all numbers left out`,
      );
      return;
    }
    const layer = this.#layers.place(this.#layer, this.#color);
    this.strokes.push({ points, layer, color: this.#color });
    if (this.strokes.length > MAX_STROKES) throw tooManyStrokes();
  }
}

/** A sum of finite numbers of this size is finite. */
function allFinite(points: Polyline): boolean {
  let sum = 0;
  for (let i = 0; i < points.length; i++) sum += points[i]!;
  return Number.isFinite(sum);
}

function visibleColor(style: Style): string {
  const paint = isNone(style.stroke) ? style.fill : style.stroke;
  return /^currentcolor$/i.test(paint) ? style.color : paint;
}

function sourceOf(node: SvgNode, cascaded: Cascaded, basis: LengthBasis) {
  return {
    name: node.name,
    basis,
    get: (property: string) => cascaded.get(property) ?? attribute(node, property),
  };
}

function tooManyStrokes(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the drawing has more than ${MAX_STROKES / 1e6} million strokes: split it into several files`,
  );
}
