import type { Look, PlanShape } from "../../../shared/plan-view.ts";
import type { JobView } from "../../../shared/ws-messages.ts";
import type { Mirror } from "../../client/mirror.ts";
import type { Theme } from "../../text/theme.ts";
import type { Place } from "../arrange.ts";
import type { Region } from "../cell-writer.ts";
import { penOf, plottedOf } from "../drawing-rows.ts";
import { DrawingCanvas } from "./canvas.ts";
import { type Palette, paletteOf } from "./palette.ts";

export interface Shown {
  readonly job: JobView;
  readonly mirror: Mirror;
  readonly look: Look;
  readonly showsTravel: boolean;
}

/** The drawing as a region of the screen. The canvas is kept until the plan, the size or the look is another. */
export class Picture {
  readonly #palette: Palette;
  #canvas: DrawingCanvas | undefined;
  #key: readonly unknown[] = [];

  constructor(theme: Theme) {
    this.#palette = paletteOf(theme);
  }

  /** @param place with its title row, which is not painted over */
  region(plan: PlanShape, place: Place, { job, mirror, look, showsTravel }: Shown): Region | undefined {
    const columns = place.width;
    const rows = place.height - 1;
    if (columns < 1 || rows < 1) return undefined;
    const key = [plan, columns, rows, look, showsTravel];
    if (!this.#canvas || key.some((part, i) => part !== this.#key[i])) {
      this.#canvas = new DrawingCanvas(plan, { columns, rows, look, showsTravel }, this.#palette);
      this.#key = key;
    }
    const cells = this.#canvas.show(plottedOf(mirror, job), penOf(mirror, job));
    return { left: place.left, top: place.top + 1, columns, rows: cells };
  }
}
