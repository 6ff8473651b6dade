import { readSvg } from "../../src/daemon/svg/read-svg.ts";
import type { Drawing, Stroke } from "../../src/shared/drawing.ts";

const SETTINGS = { toleranceMm: 0.01, layers: "inkscape" } as const;

/** A drawing of 200 × 100 mm whose user unit is 1 mm. */
export function sheet(body: string, attributes = ""): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="200mm" height="100mm" viewBox="0 0 200 100" ${attributes}>${body}</svg>`;
}

export function read(
  svg: string | Uint8Array,
  layers: "inkscape" | "groups" | "colors" = "inkscape",
): Drawing {
  return readSvg(svg, { ...SETTINGS, layers });
}

/** `10,20 30,20` for each stroke, rounded to a thousandth of a mm. */
export function told(drawing: Drawing): string[] {
  return drawing.strokes.map(tellStroke);
}

/** The strokes of `body` on a sheet in mm. */
export function drawn(body: string): string[] {
  return told(read(sheet(body)));
}

function tellStroke({ points }: Stroke): string {
  const pairs: string[] = [];
  for (let i = 0; i < points.length; i += 2) pairs.push(`${round(points[i]!)},${round(points[i + 1]!)}`);
  return pairs.join(" ");
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}
