/** Dots side by side and one above the other in a cell, and how much higher than wide a dot is on the screen. */
export interface DotShape {
  readonly across: 1 | 2;
  readonly down: 1 | 4;
  readonly aspect: number;
}

/** A cell is twice as high as wide, so the eight dots of a braille cell lie on a square grid. */
export const BRAILLE: DotShape = { across: 2, down: 4, aspect: 1 };
/** One dot a cell, for terminals that know ASCII only. */
export const ONE_DOT: DotShape = { across: 1, down: 1, aspect: 2 };

/** Bit of each braille dot, by row and column within the cell (Unicode chapter 21.1). */
const BITS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

/** A picture of dots, a byte of them for each cell of a terminal. */
export class DotGrid {
  readonly columns: number;
  readonly rows: number;
  readonly shape: DotShape;
  /** The dots of each cell as bits, row by row. */
  readonly cells: Uint8Array;
  /** Rows in which a dot was set since somebody last looked. */
  readonly touched: Uint8Array;

  constructor(columns: number, rows: number, shape: DotShape) {
    this.columns = columns;
    this.rows = rows;
    this.shape = shape;
    this.cells = new Uint8Array(columns * rows);
    this.touched = new Uint8Array(rows);
  }

  get width(): number {
    return this.columns * this.shape.across;
  }

  get height(): number {
    return this.rows * this.shape.down;
  }

  /** Sets the dot that holds the place (x, y), both in dots from the top left corner; outside is no place. */
  dot(x: number, y: number): void {
    const dotX = Math.floor(x);
    const dotY = Math.floor(y);
    if (!(dotX >= 0 && dotY >= 0 && dotX < this.width && dotY < this.height)) return;
    const { across, down } = this.shape;
    const row = Math.floor(dotY / down);
    const bit = across === 1 ? 1 : BITS[(dotY % down) * 2 + (dotX % 2)]!;
    this.cells[row * this.columns + Math.floor(dotX / across)]! |= bit;
    this.touched[row] = 1;
  }

  /** A straight line of dots, ends included; what lies outside costs nothing. */
  line(x0: number, y0: number, x1: number, y1: number): void {
    const inside = clip(x0, y0, x1, y1, this.width, this.height);
    if (!inside) return;
    const [from, to] = inside;
    const dx = x1 - x0;
    const dy = y1 - y0;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) * (to - from)));
    for (let step = 0; step <= steps; step++) {
      const t = from + ((to - from) * step) / steps;
      this.dot(x0 + t * dx, y0 + t * dy);
    }
  }
}

export function brailleOf(bits: number): string {
  return String.fromCharCode(0x2800 + bits);
}

/** The part of a line within 0…width × 0…height, as shares of its length (Liang and Barsky). */
function clip(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  width: number,
  height: number,
): [number, number] | undefined {
  let from = 0;
  let to = 1;
  const edges = [
    [x0 - x1, x0],
    [x1 - x0, width - x0],
    [y0 - y1, y0],
    [y1 - y0, height - y0],
  ] as const;
  for (const [toEdge, room] of edges) {
    if (toEdge === 0) {
      if (room < 0) return undefined;
      continue;
    }
    const at = room / toEdge;
    if (toEdge < 0) from = Math.max(from, at);
    else to = Math.min(to, at);
  }
  return from <= to ? [from, to] : undefined;
}
