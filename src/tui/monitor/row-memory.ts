import type { Block } from "./blocks.ts";
import type { Region } from "./cell-writer.ts";
import { type CellRow, parseRow } from "./cells.ts";

/**
 * Blocks of text as regions of cells. A line that was on the screen before keeps its row, wherever it is now, so that only
 * new lines are read for their colours and widths.
 */
export class RowMemory {
  #known = new Map<string, CellRow>();

  /** @param blocks all of the screen: what is not among them is forgotten */
  regionsOf(blocks: readonly Block[]): Region[] {
    const shown = new Map<string, CellRow>();
    const rowOf = (line: string) => {
      const row = shown.get(line) ?? this.#known.get(line) ?? parseRow(line);
      shown.set(line, row);
      return row;
    };
    const regions = blocks.map(({ left, top, width, lines }) => ({
      left,
      top,
      columns: width,
      rows: lines.map(rowOf),
    }));
    this.#known = shown;
    return regions;
  }
}
