import { BRAILLE, brailleOf, DotGrid, ONE_DOT } from "../../../shared/dot-grid.ts";
import {
  drawInk,
  drawTravel,
  type Look,
  type PlanShape,
  type Projection,
  projectPlan,
} from "../../../shared/plan-view.ts";
import type { CellRow } from "../cells.ts";
import { inkUnderPen } from "./ink-under-pen.ts";
import type { Palette } from "./palette.ts";

/** What the canvas shows, as long as it lives: another size or another look is another canvas. */
export interface CanvasView {
  readonly columns: number;
  readonly rows: number;
  readonly look: Look;
  readonly showsTravel: boolean;
}

/** Where the pen is, machine mm. */
export interface PenPlace {
  readonly x: number;
  readonly y: number;
  readonly isUp: boolean;
}

/** Every other dot of a cell, so that lines in any direction are thinned: ink that is still to come. */
const THINNED = 0x01 | 0x10 | 0x20 | 0x40;

/** The drawing in cells: ink laid down against ink to come. Ink is added as it is laid; rows without news stay as they are. */
export class DrawingCanvas {
  readonly #plan: PlanShape;
  readonly #view: CanvasView;
  readonly #palette: Palette;
  readonly #projection: Projection;
  readonly #coming: DotGrid;
  readonly #travel: DotGrid;
  #ink: DotGrid;
  #plotted = 0;
  #penRow = -1;
  #penColumn = -1;
  #isPenUp = true;
  #rows: CellRow[] = [];

  constructor(plan: PlanShape, view: CanvasView, palette: Palette) {
    this.#plan = plan;
    this.#view = view;
    this.#palette = palette;
    this.#coming = this.#grid();
    this.#travel = this.#grid();
    this.#ink = this.#grid();
    this.#projection = projectPlan(plan, this.#coming, view.look);
    drawInk(plan, this.#coming, this.#projection, 0, plan.points.length / 2);
    if (view.showsTravel) drawTravel(plan, this.#travel, this.#projection);
    this.#rows = Array.from({ length: view.rows }, (_, y) => this.#row(y));
  }

  /** The cells now. A row that did not change is the same object as before. @param plotted points of the plan, in its order */
  show(plotted: number, pen: PenPlace | undefined): readonly CellRow[] {
    const total = this.#plan.points.length / 2;
    const end = Math.min(plotted, total);
    if (end < this.#plotted) this.#startAnew();
    if (end > this.#plotted) drawInk(this.#plan, this.#ink, this.#projection, this.#plotted, end);
    this.#plotted = end;
    if (pen && !pen.isUp && end > 0 && end < total) this.#drawUnder(pen, end);
    this.#movePen(pen);
    const changed = this.#rows.map((row, y) => (this.#ink.touched[y] ? this.#row(y) : row));
    this.#ink.touched.fill(0);
    this.#rows = changed;
    return changed;
  }

  #grid(): DotGrid {
    return new DotGrid(this.#view.columns, this.#view.rows, this.#palette.isAscii ? ONE_DOT : BRAILLE);
  }

  /** Less ink than before: the job begins again. */
  #startAnew(): void {
    this.#ink = this.#grid();
    this.#ink.touched.fill(1);
    this.#plotted = 0;
  }

  /** The piece from the last point to the pen, which a long line spends most of its time in. */
  #drawUnder(pen: PenPlace, end: number): void {
    const { scaleX, scaleY, shiftX, shiftY } = this.#projection;
    for (const [x0, y0, x1, y1] of inkUnderPen(this.#plan, end, pen)) {
      this.#ink.line(x0 * scaleX + shiftX, y0 * scaleY + shiftY, x1 * scaleX + shiftX, y1 * scaleY + shiftY);
    }
  }

  #movePen(pen: PenPlace | undefined): void {
    const { scaleX, scaleY, shiftX, shiftY } = this.#projection;
    const { shape } = this.#ink;
    const column = pen ? Math.floor((pen.x * scaleX + shiftX) / shape.across) : -1;
    const row = pen ? Math.floor((pen.y * scaleY + shiftY) / shape.down) : -1;
    const isUp = pen?.isUp ?? true;
    if (column === this.#penColumn && row === this.#penRow && isUp === this.#isPenUp) return;
    for (const y of [this.#penRow, row]) if (y >= 0 && y < this.#view.rows) this.#ink.touched[y] = 1;
    this.#penColumn = column;
    this.#penRow = row;
    this.#isPenUp = isUp;
  }

  #row(y: number): CellRow {
    const { columns } = this.#view;
    const texts: string[] = new Array(columns);
    const styles: string[] = new Array(columns);
    for (let x = 0; x < columns; x++) [texts[x], styles[x]] = this.#cell(x, y);
    return { texts, styles };
  }

  #cell(x: number, y: number): [string, string] {
    const palette = this.#palette;
    if (x === this.#penColumn && y === this.#penRow)
      return [this.#isPenUp ? palette.penUp : palette.penDown, palette.penStyle];
    const at = y * this.#view.columns + x;
    const ink = this.#ink.cells[at]!;
    const coming = this.#coming.cells[at]! & ~ink;
    const travel = this.#travel.cells[at]!;
    if (palette.isAscii) return palette.asciiCell(ink, coming, travel);
    const bits = ink | (coming & THINNED) | (travel & (ink | coming ? 0 : THINNED));
    const faint = coming & THINNED ? bits : coming | bits; // a cell of unlucky dots would show nothing
    if (ink) return [brailleOf(bits), palette.inkStyle];
    if (coming) return [brailleOf(faint), palette.comingStyle];
    return travel ? [brailleOf(bits || travel), palette.travelStyle] : [" ", ""];
  }
}
