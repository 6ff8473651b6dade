import type { PlanDocument } from "../../shared/http-messages.ts";
import { type MotionPlan, strokeCount } from "../../shared/plan.ts";

/** The plan as data: every pen-down polyline in drawing order, machine mm. */
export function planDocument(plan: MotionPlan): PlanDocument {
  const strokes = Array.from({ length: strokeCount(plan) }, (_, stroke) => stroke);
  return {
    unit: "mm",
    polylines: strokes.map((stroke) => pointsOf(plan, stroke)),
    meta: strokes.map((stroke) => ({ layer: plan.layers[plan.strokeLayer[stroke]!]?.name ?? "", stroke })),
    notes: [...plan.notes],
  };
}

/** The plan as a picture on its paper: ink in the pens' colours and widths, pen-up travel dotted, from the origin and back. */
export function planSvg(plan: MotionPlan): string {
  const strokes = Array.from({ length: strokeCount(plan) }, (_, stroke) => pointsOf(plan, stroke));
  const { width, height } = sizeOf(plan, strokes);
  const layers = plan.layers.map((layer, index) => {
    const ink = strokes.filter((_, stroke) => plan.strokeLayer[stroke] === index).map(inkPath);
    return `<g fill="none" stroke="${escapeXml(layer.pen.color)}" stroke-width="${mm(layer.pen.widthMm)}" stroke-linecap="round" stroke-linejoin="round"><title>${escapeXml(layer.name)}</title><path d="${ink.join("")}"/></g>`;
  });
  const travel = `<path id="travel" fill="none" stroke="#888" stroke-width="0.15" stroke-dasharray="0.3 1.2" stroke-linecap="round" d="${travelPath(strokes)}"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(width)}mm" height="${mm(height)}mm" viewBox="0 0 ${mm(width)} ${mm(height)}">`,
    `<rect width="${mm(width)}" height="${mm(height)}" fill="#fff"/>`,
    travel,
    ...layers,
    "</svg>\n",
  ].join("\n");
}

function pointsOf(plan: MotionPlan, stroke: number): [number, number][] {
  const points: [number, number][] = [];
  for (let i = plan.strokeStart[stroke]!; i < plan.strokeStart[stroke + 1]!; i++) {
    points.push([plan.points[2 * i]!, plan.points[2 * i + 1]!]);
  }
  return points;
}

/** The paper, or more where ink lies beyond it. */
function sizeOf(
  { page }: MotionPlan,
  strokes: readonly [number, number][][],
): { width: number; height: number } {
  let width = page.widthMm;
  let height = page.heightMm;
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      width = Math.max(width, x + 1);
      height = Math.max(height, y + 1);
    }
  }
  return { width, height };
}

/** A dot is a line to itself: with round caps it shows. */
function inkPath(points: readonly [number, number][]): string {
  const drawn = points.length === 1 ? [points[0]!, points[0]!] : points;
  return drawn.map(([x, y], i) => `${i === 0 ? "M" : "L"}${mm(x)} ${mm(y)}`).join("");
}

function travelPath(strokes: readonly [number, number][][]): string {
  const ways: string[] = [];
  let from: readonly [number, number] = [0, 0];
  for (const stroke of strokes) {
    const first = stroke[0]!;
    ways.push(`M${mm(from[0])} ${mm(from[1])}L${mm(first[0])} ${mm(first[1])}`);
    from = stroke.at(-1)!;
  }
  if (strokes.length > 0) ways.push(`M${mm(from[0])} ${mm(from[1])}L0 0`);
  return ways.join("");
}

/** Micrometres are finer than any pen. */
function mm(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
