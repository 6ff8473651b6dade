import { graphemes, graphemeWidth } from "../text/width.ts";

/** One row of a screen. The second cell of a wide character holds `""`. */
export interface CellRow {
  readonly texts: readonly string[];
  /** What goes between `ESC [ 0` and `m` for each cell: `""` is plain. */
  readonly styles: readonly string[];
}

export const EMPTY_ROW: CellRow = { texts: [], styles: [] };

const SEQUENCE = /\x1b\[([0-9;:?]*)([@-~])|\x1b[^[]/y;

/** A line of text with SGR sequences as cells; other sequences are left out. */
export function parseRow(line: string): CellRow {
  const texts: string[] = [];
  const styles: string[] = [];
  const style = new Style();
  let at = 0;
  while (at < line.length) {
    if (line.charCodeAt(at) === 0x1b) {
      SEQUENCE.lastIndex = at;
      const match = SEQUENCE.exec(line);
      if (match?.[2] === "m") style.apply(match[1]!);
      at += match ? match[0].length : 1;
      continue;
    }
    const next = line.indexOf("\x1b", at);
    const run = line.slice(at, next === -1 ? undefined : next);
    addRun(run, style.key, texts, styles);
    at += run.length;
  }
  return { texts, styles };
}

/** The row for a terminal that shows ASCII only: letters without their marks, and a question mark for each other cell. */
export function asciiRow(row: CellRow): CellRow {
  if (row.texts.every(isAscii)) return row;
  return { ...row, texts: row.texts.map((text) => (isAscii(text) && text !== "" ? text : plainest(text))) };
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

function plainest(text: string): string {
  const base = text.normalize("NFKD").charAt(0);
  return base !== "" && isAscii(base) ? base : "?";
}

/** Cells that lie over a row. */
export interface Patch {
  readonly left: number;
  /** As many are covered, by blanks where the patch's row is shorter. */
  readonly columns: number;
  readonly row: CellRow;
}

/** The row with each patch in its place; what the row lacks before them is blank. */
export function overlay(row: CellRow, patches: readonly Patch[]): CellRow {
  if (patches.length === 0) return row;
  const texts = [...row.texts];
  const styles = [...row.styles];
  for (const { left, columns, row: over } of patches) {
    while (texts.length < left + columns) texts.push(" ");
    while (styles.length < left + columns) styles.push("");
    for (let x = 0; x < columns; x++) {
      texts[left + x] = over.texts[x] ?? " ";
      styles[left + x] = over.styles[x] ?? "";
    }
  }
  return { texts, styles };
}

function addRun(run: string, style: string, texts: string[], styles: string[]): void {
  for (const grapheme of graphemes(run)) {
    const width = graphemeWidth(grapheme);
    if (width === 0) {
      if (texts.length > 0) texts[texts.length - 1] += grapheme;
      continue;
    }
    texts.push(grapheme);
    styles.push(style);
    if (width === 2) {
      texts.push("");
      styles.push(style);
    }
  }
}

/** On-code of each attribute, by its off-code. */
const ATTRIBUTES: Readonly<Record<number, readonly number[]>> = {
  22: [1, 2],
  23: [3],
  24: [4],
  27: [7],
  29: [9],
};
const ON_CODES = Object.values(ATTRIBUTES).flat();

/** The graphic rendition in force, as one comparable key. */
class Style {
  #attributes = new Set<number>();
  #foreground = "";
  #background = "";
  key = "";

  apply(parameters: string): void {
    const codes = parameters === "" ? [0] : parameters.split(/[;:]/).map(Number);
    for (let i = 0; i < codes.length; i++) i += this.#applyCode(codes, i);
    const attributes = ON_CODES.filter((code) => this.#attributes.has(code));
    this.key = attributes.map((code) => `;${code}`).join("") + this.#foreground + this.#background;
  }

  /** @returns how many codes after this one belonged to it */
  #applyCode(codes: readonly number[], at: number): number {
    const code = codes[at]!;
    if (code === 0) {
      this.#attributes.clear();
      this.#foreground = this.#background = "";
    } else if (ON_CODES.includes(code)) this.#attributes.add(code);
    else if (code in ATTRIBUTES) for (const on of ATTRIBUTES[code]!) this.#attributes.delete(on);
    else if (code === 38 || code === 48) {
      const length = codes[at + 1] === 5 ? 3 : 5;
      const color = `;${codes.slice(at, at + length).join(";")}`;
      if (code === 38) this.#foreground = color;
      else this.#background = color;
      return length - 1;
    } else if (code === 39) this.#foreground = "";
    else if (code === 49) this.#background = "";
    else if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) this.#foreground = `;${code}`;
    else if ((code >= 40 && code < 48) || (code >= 100 && code < 108)) this.#background = `;${code}`;
    return 0;
  }
}
