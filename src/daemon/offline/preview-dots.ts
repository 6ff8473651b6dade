import { BRAILLE, brailleOf, DotGrid, ONE_DOT } from "../../shared/dot-grid.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import { drawInk, projectPlan } from "../../shared/plan-view.ts";

/** The plan in characters, as large as `columns` × `rows` allow and no higher than it needs to be. */
export function planDots(plan: MotionPlan, columns: number, rows: number, isUnicode: boolean): string {
  const grid = new DotGrid(columns, rows, isUnicode ? BRAILLE : ONE_DOT);
  drawInk(plan, grid, projectPlan(plan, grid), 0, plan.points.length / 2);
  const lines = Array.from({ length: rows }, (_, y) => {
    const cells = grid.cells.subarray(y * columns, (y + 1) * columns);
    return Array.from(cells, (bits) => (bits === 0 ? " " : isUnicode ? brailleOf(bits) : "#"))
      .join("")
      .trimEnd();
  });
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first === -1 ? "" : `${lines.slice(first, last + 1).join("\n")}\n`;
}
