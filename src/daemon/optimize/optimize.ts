import type { Drawing, Stroke } from "../../shared/drawing.ts";
import type { Point } from "../../shared/geometry.ts";
import type { OptimizeSettings } from "../../shared/plot-settings.ts";
import { dropDoubles } from "./doubles.ts";
import { joinConsecutive } from "./join.ts";
import { orderStrokes } from "./order.ts";

const HOME: Point = { x: 0, y: 0 };

/**
 * Puts the strokes of a placed drawing in drawing order: layer by layer, each in the order and directions that take the least
 * time with the pen up, from home and back. Strokes whose ends meet within `joinMm` become one; exact doubles are dropped (`dropDoubles`).
 * All ink stays where it was. With `keepOrder` strokes keep the document's order and direction and only consecutive ones join.
 */
export function optimizeStrokes(drawing: Drawing, settings: OptimizeSettings): Drawing {
  const strokes: Stroke[] = [];
  let at = HOME;
  for (const layer of strokesByLayer(drawing)) {
    const single = settings.dropDoubles ? dropDoubles(layer) : layer;
    const ordered = settings.keepOrder ? single : orderStrokes(single, settings, at, HOME);
    for (const stroke of joinConsecutive(ordered, settings.joinMm)) strokes.push(stroke);
    at = endOf(strokes[strokes.length - 1]) ?? at;
  }
  return { ...drawing, strokes };
}

function strokesByLayer({ layers, strokes }: Drawing): Stroke[][] {
  const byLayer: Stroke[][] = layers.map(() => []);
  for (const stroke of strokes) byLayer[stroke.layer]!.push(stroke);
  return byLayer;
}

function endOf(stroke: Stroke | undefined): Point | undefined {
  if (!stroke) return undefined;
  const { points } = stroke;
  return { x: points[points.length - 2]!, y: points[points.length - 1]! };
}
