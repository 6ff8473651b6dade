import { type Axis, type LengthBasis, parseLength } from "./length.ts";
import { NumberScanner } from "./number-scanner.ts";
import { drawPathData } from "./path-data.ts";
import type { PathSink } from "./path-sink.ts";

/** What a shape says of itself: attributes, or the CSS properties of the same names. */
export interface ShapeSource {
  readonly name: string;
  get(property: string): string | undefined;
  readonly basis: LengthBasis;
}

export const SHAPES: ReadonlySet<string> = new Set([
  "path",
  "rect",
  "circle",
  "ellipse",
  "line",
  "polyline",
  "polygon",
]);

/**
 * Draws one of SVG's basic shapes, beginning and going round as SVG 2, chapter 10 says.
 *
 * @returns what is wrong with it, in words that follow the shape's name
 */
export function drawShape(shape: ShapeSource, sink: PathSink): string | undefined {
  const { name } = shape;
  if (name === "path") return drawPath(shape, sink);
  if (name === "polyline" || name === "polygon")
    return drawPoints(shape.get("points") ?? "", name === "polygon", sink);
  if (name === "rect") drawRect(shape, sink);
  else if (name === "circle") drawCircle(shape, sink);
  else if (name === "ellipse") drawEllipse(shape, sink);
  else drawLine(shape, sink);
  return undefined;
}

function length(shape: ShapeSource, property: string, axis: Axis): number | undefined {
  return parseLength(shape.get(property), axis, shape.basis);
}

function drawPath(shape: ShapeSource, sink: PathSink): string | undefined {
  const d = pathData(shape.get("d"));
  if (d === undefined) return undefined;
  const at = drawPathData(d, sink);
  return at < 0 ? undefined : `has an error in its path data at character ${at + 1} and is drawn up to it`;
}

/** The attribute is path data itself, the CSS property holds it in `path("…")`. */
export function pathData(text: string | undefined): string | undefined {
  if (text === undefined || /^(?:none|initial|inherit|unset|revert|revert-layer)$/.test(text))
    return undefined;
  if (!text.startsWith("path(")) return text;
  return /^path\(\s*(["'])(.*)\1\s*\)$/is.exec(text)?.[2];
}

function drawLine(shape: ShapeSource, sink: PathSink): void {
  sink.moveTo(length(shape, "x1", "x") ?? 0, length(shape, "y1", "y") ?? 0);
  sink.lineTo(length(shape, "x2", "x") ?? 0, length(shape, "y2", "y") ?? 0);
}

function drawCircle(shape: ShapeSource, sink: PathSink): void {
  const r = length(shape, "r", "other") ?? 0;
  if (r > 0) oval(length(shape, "cx", "x") ?? 0, length(shape, "cy", "y") ?? 0, r, r, sink);
}

function drawEllipse(shape: ShapeSource, sink: PathSink): void {
  const [rx, ry] = radii(shape);
  if (rx > 0 && ry > 0) oval(length(shape, "cx", "x") ?? 0, length(shape, "cy", "y") ?? 0, rx, ry, sink);
}

/** From three o'clock, clockwise. */
function oval(cx: number, cy: number, rx: number, ry: number, sink: PathSink): void {
  sink.moveTo(cx + rx, cy);
  sink.arcTo(rx, ry, 0, false, true, cx, cy + ry);
  sink.arcTo(rx, ry, 0, false, true, cx - rx, cy);
  sink.arcTo(rx, ry, 0, false, true, cx, cy - ry);
  sink.arcTo(rx, ry, 0, false, true, cx + rx, cy);
  sink.close();
}

/** One radius alone stands for both; a negative one counts as not given. */
function radii(shape: ShapeSource): [number, number] {
  const given = (property: string, axis: Axis): number | undefined => {
    const value = length(shape, property, axis);
    return value === undefined || value < 0 ? undefined : value;
  };
  const rx = given("rx", "x");
  const ry = given("ry", "y");
  return [rx ?? ry ?? 0, ry ?? rx ?? 0];
}

function drawRect(shape: ShapeSource, sink: PathSink): void {
  const x = length(shape, "x", "x") ?? 0;
  const y = length(shape, "y", "y") ?? 0;
  const width = length(shape, "width", "x") ?? 0;
  const height = length(shape, "height", "y") ?? 0;
  if (!(width > 0 && height > 0)) return;
  const [givenRx, givenRy] = radii(shape);
  const rx = Math.min(givenRx, width / 2);
  const ry = Math.min(givenRy, height / 2);
  if (rx === 0 || ry === 0) {
    sink.moveTo(x, y);
    sink.lineTo(x + width, y);
    sink.lineTo(x + width, y + height);
    sink.lineTo(x, y + height);
  } else {
    sink.moveTo(x + rx, y);
    sink.lineTo(x + width - rx, y);
    sink.arcTo(rx, ry, 0, false, true, x + width, y + ry);
    sink.lineTo(x + width, y + height - ry);
    sink.arcTo(rx, ry, 0, false, true, x + width - rx, y + height);
    sink.lineTo(x + rx, y + height);
    sink.arcTo(rx, ry, 0, false, true, x, y + height - ry);
    sink.lineTo(x, y + ry);
    sink.arcTo(rx, ry, 0, false, true, x + rx, y);
  }
  sink.close();
}

/** As browsers do it: a last x without its y is dropped, and a list with an error draws nothing. */
function drawPoints(text: string, closed: boolean, sink: PathSink): string | undefined {
  const numbers: number[] = [];
  const scanner = new NumberScanner(text);
  scanner.skipSpace();
  while (!scanner.done) {
    const value = scanner.number();
    if (Number.isNaN(value))
      return `has an error in its points at character ${scanner.at + 1} and is left out`;
    numbers.push(value);
    scanner.skipCommaSpace();
  }
  if (numbers.length < 2) return undefined;
  sink.moveTo(numbers[0]!, numbers[1]!);
  for (let i = 3; i < numbers.length; i += 2) sink.lineTo(numbers[i - 1]!, numbers[i]!);
  if (closed) sink.close();
  return numbers.length % 2 === 1 ? "has an x without its y at the end of its points" : undefined;
}
