import type { Drawing, Layer, Stroke } from "../../shared/drawing.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { PlannedLayer } from "../../shared/plan.ts";
import type { MotionSettings, PenSettings } from "../../shared/plot-settings.ts";
import { controlledPen } from "./layer-control.ts";

/**
 * Runs of strokes of one layer, each with the pen that bears the layer's name, else the default.
 *
 * @param notes what the author may not expect is added
 * @throws PlottyError `plan.unknown-pen` when the default pen is none of the configuration's
 */
export function planLayers(
  drawing: Drawing,
  strokes: readonly Stroke[],
  settings: MotionSettings,
  notes: string[],
): PlannedLayer[] {
  const layers: PlannedLayer[] = [];
  for (let s = 0; s < strokes.length; ) {
    const index = strokes[s]!.layer;
    const firstStroke = s;
    while (s < strokes.length && strokes[s]!.layer === index) s++;
    const layer = drawing.layers[index] ?? { index, name: "", pauseBefore: false };
    const { name, pauseBefore } = layer;
    const { pen, waitS } = controlledPen(name, penFor(layer, settings, notes), notes);
    layers.push({ name, pen, pauseBefore, waitS, firstStroke, strokes: s - firstStroke });
  }
  return layers;
}

function penFor(layer: Layer, settings: MotionSettings, notes: string[]): PenSettings {
  const standard = penNamed(settings, settings.defaultPen);
  if (!standard) {
    const known = settings.pens.map((pen) => pen.name).join(", ");
    throw new PlottyError(
      "plan.unknown-pen",
      `no pen "${settings.defaultPen}"; the configuration has ${known}`,
    );
  }
  if (settings.onePen || layer.name === "") return standard;
  const own = penNamed(settings, layer.name);
  if (!own && settings.pens.length > 1) {
    notes.push(`layer "${layer.name}" bears no pen's name and is drawn with ${standard.name}`);
  }
  return own ?? standard;
}

function penNamed(settings: MotionSettings, name: string): PenSettings | undefined {
  const wanted = name.trim().toLowerCase();
  return settings.pens.find((pen) => pen.name.toLowerCase() === wanted);
}
