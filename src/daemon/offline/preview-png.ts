import { PlottyError } from "../../shared/errors.ts";
import { type MotionPlan, strokeCount } from "../../shared/plan.ts";
import { orderColor, parseColor } from "./colors.ts";
import { PixelCanvas, type Rgb } from "./pixel-canvas.ts";
import { encodePng } from "./png.ts";

export interface PngOptions {
  /** Pixels of the longer side. */
  readonly pixels: number;
  /** Colours say when a stroke is drawn, not with which pen. */
  readonly byOrder: boolean;
}

export const MOST_PIXELS = 10_000;
const TRAVEL: Rgb = [136, 136, 136];
/** A dot of travel and the way to the next one, mm. */
const DOT_MM = 0.3;
const DOT_EVERY_MM = 1.5;
/** Strokes of as many shades as an eye can tell are coloured together. */
const SHADES = 48;

/**
 * The plan as a PNG on its paper, drawn by a rasteriser of our own: a picture of straight lines needs no SVG renderer, and
 * so nothing that would have to be compiled or fetched for the machine it runs on.
 */
export function planPng(plan: MotionPlan, { pixels, byOrder }: PngOptions): Buffer {
  if (!Number.isInteger(pixels) || pixels < 16 || pixels > MOST_PIXELS) {
    throw new PlottyError(
      "usage.invalid",
      `--pixels is a whole number from 16 to ${MOST_PIXELS}, not ${pixels}`,
    );
  }
  const { widthMm, heightMm } = extentOf(plan);
  const scale = pixels / Math.max(widthMm, heightMm);
  const canvas = new PixelCanvas(
    Math.max(1, Math.round(widthMm * scale)),
    Math.max(1, Math.round(heightMm * scale)),
  );
  drawTravel(plan, canvas, scale);
  if (byOrder) drawByOrder(plan, canvas, scale);
  else drawByPen(plan, canvas, scale);
  return encodePng(canvas.width, canvas.height, canvas.rgb, scale * 1000);
}

function drawByPen(plan: MotionPlan, canvas: PixelCanvas, scale: number): void {
  for (const { firstStroke, strokes, pen } of plan.layers) {
    for (let stroke = firstStroke; stroke < firstStroke + strokes; stroke++)
      drawStroke(plan, stroke, canvas, scale, pen.widthMm * scale);
    canvas.ink(parseColor(pen.color));
  }
}

function drawByOrder(plan: MotionPlan, canvas: PixelCanvas, scale: number): void {
  const strokes = strokeCount(plan);
  for (let shade = 0; shade < SHADES; shade++) {
    const end = Math.floor(((shade + 1) * strokes) / SHADES);
    for (let stroke = Math.floor((shade * strokes) / SHADES); stroke < end; stroke++) {
      const { widthMm } = plan.layers[plan.strokeLayer[stroke]!]!.pen;
      drawStroke(plan, stroke, canvas, scale, widthMm * scale);
    }
    canvas.ink(orderColor(shade / (SHADES - 1)));
  }
}

function drawStroke(
  { points, strokeStart }: MotionPlan,
  stroke: number,
  canvas: PixelCanvas,
  scale: number,
  pen: number,
): void {
  const first = strokeStart[stroke]!;
  const at = (i: number) => points[i]! * scale;
  if (strokeStart[stroke + 1]! === first + 1)
    canvas.line(at(2 * first), at(2 * first + 1), at(2 * first), at(2 * first + 1), pen);
  for (let i = first + 1; i < strokeStart[stroke + 1]!; i++)
    canvas.line(at(2 * i - 2), at(2 * i - 1), at(2 * i), at(2 * i + 1), pen);
}

/** Dots along the ways with the pen up, from the origin and back to it. */
function drawTravel({ points, strokeStart }: MotionPlan, canvas: PixelCanvas, scale: number): void {
  let x = 0;
  let y = 0;
  const goTo = (toX: number, toY: number) => {
    const length = Math.hypot(toX - x, toY - y);
    for (let mm = DOT_EVERY_MM; mm < length; mm += DOT_EVERY_MM) {
      const dotX = (x + ((toX - x) * mm) / length) * scale;
      const dotY = (y + ((toY - y) * mm) / length) * scale;
      canvas.line(dotX, dotY, dotX, dotY, DOT_MM * scale);
    }
  };
  for (let stroke = 0; stroke + 1 < strokeStart.length; stroke++) {
    const first = strokeStart[stroke]!;
    const last = strokeStart[stroke + 1]! - 1;
    goTo(points[2 * first]!, points[2 * first + 1]!);
    x = points[2 * last]!;
    y = points[2 * last + 1]!;
  }
  if (strokeStart.length > 1) goTo(0, 0);
  canvas.ink(TRAVEL);
}

/** The paper, or more where ink lies beyond it, mm. */
function extentOf({ page, points }: MotionPlan): { widthMm: number; heightMm: number } {
  let { widthMm, heightMm } = page;
  for (let i = 0; i < points.length; i += 2) {
    widthMm = Math.max(widthMm, points[i]! + 1);
    heightMm = Math.max(heightMm, points[i + 1]! + 1);
  }
  return { widthMm, heightMm };
}
