import type { PenSettings } from "../../shared/plot-settings.ts";

/** What an AxiDraw layer's name asks of its pen: `3+S50+H30+D500 shading`. */
interface LayerControl {
  /** Per cent of the pen's own speed. */
  readonly speedPercent?: number;
  /** Pen-down height, per cent of the servo's range. */
  readonly heightPercent?: number;
  /** A wait before the layer, ms. */
  readonly delayMs?: number;
}

const CONTROL = /^\s*!?\s*\d*((?:\s*\+\s*[shd]\s*\d+)+)/i;

/** The pen as the layer's name asks for it and the wait before the layer, and in the notes what was made of that. */
export function controlledPen(
  name: string,
  pen: PenSettings,
  notes: string[],
): { pen: PenSettings; waitS: number } {
  const { speedPercent, heightPercent, delayMs } = readControl(name);
  let own = pen;
  if (speedPercent !== undefined) {
    own = { ...own, speedMmPerS: (pen.speedMmPerS * Math.min(100, Math.max(1, speedPercent))) / 100 };
    notes.push(
      `layer "${name}" asks for ${speedPercent} % speed: ${Number(own.speedMmPerS.toFixed(2))} mm/s`,
    );
  }
  if (heightPercent !== undefined) {
    own = { ...own, downPercent: Math.min(100, heightPercent) };
    notes.push(`layer "${name}" asks for a pen-down height of ${own.downPercent} %`);
  }
  if (delayMs !== undefined) notes.push(`layer "${name}" asks for a wait of ${delayMs} ms before it`);
  return { pen: own, waitS: (delayMs ?? 0) / 1000 };
}

function readControl(name: string): LayerControl {
  const given = new Map<string, number>();
  const text = CONTROL.exec(name)?.[1] ?? "";
  for (const [, letter, digits] of text.matchAll(/\+\s*([shd])\s*(\d+)/gi)) {
    given.set(letter!.toLowerCase(), Number(digits));
  }
  return { speedPercent: given.get("s"), heightPercent: given.get("h"), delayMs: given.get("d") };
}
