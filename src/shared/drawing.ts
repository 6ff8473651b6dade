import type { Polyline, Size } from "./geometry.ts";

/** What the SVG says: strokes in mm on the drawing's own page, grouped in layers. */
export interface Drawing {
  readonly page: Size;
  readonly layers: readonly Layer[];
  /** In document order. */
  readonly strokes: readonly Stroke[];
  /** One sentence each on what was left out, mended or read in a way the author may not expect. */
  readonly notes: readonly string[];
}

/** The strokes one pen draws. */
export interface Layer {
  /** Position in `Drawing.layers`; strokes refer to it. */
  readonly index: number;
  /** As the author named it, or `""` for a drawing without layers. */
  readonly name: string;
  /** The author asked for a pause before this layer (AxiDraw layer control: the name begins with `!`). */
  readonly pauseBefore: boolean;
}

/** One pen-down run. A single point (two numbers) is a dot. */
export interface Stroke {
  readonly points: Polyline;
  /** Index into the drawing's layers. */
  readonly layer: number;
  /** The computed `stroke` colour (or `fill`, for an outline of a filled shape), as the author wrote it. */
  readonly color?: string;
}
