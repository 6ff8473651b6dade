import type { CellRow } from "./cells.ts";

/** Unchanged cells between two changed ones that are cheaper to write again than to jump over. */
const CHEAPER_THAN_A_JUMP = 5;

/** The bytes that turn `before` into `after` on row `y`. Starts and ends with the plain style. */
export function diffRow(before: CellRow, after: CellRow, y: number, columns: number): string {
  const length = Math.min(columns, after.texts.length);
  const pen = new Pen(y);
  let x = 0;
  while (x < length) {
    if (isSame(before, after, x)) {
      x += 1;
      continue;
    }
    const start = leadOf(after, x);
    pen.moveTo(start, after);
    x = pen.write(after, start, length);
  }
  if (before.texts.length > length && length < columns) pen.eraseFrom(length);
  return pen.finish();
}

function isSame(before: CellRow, after: CellRow, x: number): boolean {
  return (before.texts[x] ?? " ") === after.texts[x] && (before.styles[x] ?? "") === after.styles[x];
}

/** The cell that a wide character begins in. */
function leadOf(row: CellRow, x: number): number {
  return row.texts[x] === "" && x > 0 ? x - 1 : x;
}

/** Where the terminal's cursor is and how it writes. */
class Pen {
  readonly #y: number;
  #bytes = "";
  /** Column of the cursor; unknown after a character that terminals may measure otherwise than we do. */
  #x: number | undefined;
  #style = "";

  constructor(y: number) {
    this.#y = y;
  }

  moveTo(x: number, row: CellRow): void {
    if (this.#x === x) return;
    const gap = this.#x === undefined ? -1 : x - this.#x;
    if (gap > 0 && gap < CHEAPER_THAN_A_JUMP) {
      for (let between = this.#x!; between < x; between++) this.#put(row, between);
      if (this.#x === x) return;
    }
    this.#bytes += `\x1b[${this.#y + 1};${x + 1}H`;
    this.#x = x;
  }

  /** Writes the character at `x`. @returns the first column after it */
  write(row: CellRow, x: number, length: number): number {
    const isWide = row.texts[x + 1] === "";
    if (isWide && x + 2 > length) {
      this.#setStyle(row.styles[x]!);
      this.#bytes += " "; // half of it would be outside
      this.#x = undefined;
    } else this.#put(row, x);
    return x + (isWide ? 2 : 1);
  }

  eraseFrom(x: number): void {
    if (this.#x !== x) this.#bytes += `\x1b[${this.#y + 1};${x + 1}H`;
    this.#setStyle("");
    this.#bytes += "\x1b[K";
    this.#x = x;
  }

  finish(): string {
    this.#setStyle("");
    return this.#bytes;
  }

  #put(row: CellRow, x: number): void {
    const text = row.texts[x]!;
    if (text === "") return;
    this.#setStyle(row.styles[x]!);
    this.#bytes += text;
    const isCertain = text.length === 1 && row.texts[x + 1] !== "";
    this.#x = isCertain ? x + 1 : undefined;
  }

  #setStyle(style: string): void {
    if (style !== this.#style) this.#bytes += `\x1b[0${style}m`;
    this.#style = style;
  }
}
