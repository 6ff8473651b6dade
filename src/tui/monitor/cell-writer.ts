import { EventEmitter } from "node:events";
import { diffRow } from "./cell-diff.ts";
import { type CellRow, EMPTY_ROW, parseRow } from "./cells.ts";

const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[H";
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";

/** What a screen is painted on. */
export interface Terminal extends EventEmitter {
  readonly columns: number;
  readonly rows: number;
  write(text: string): boolean;
}

/** A rectangle of the screen whose cells do not come from Ink, which would take longer over them than all the rest. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  /** A row that has not changed is the same object as before. */
  readonly rows: readonly CellRow[];
}

/**
 * Stands between Ink and the terminal as Ink's stdout: takes whole frames, writes only the cells that changed, and
 * nothing when none did. A terminal that is behind gets the newest frame when it is ready, not all of them.
 */
export class CellWriter extends EventEmitter {
  readonly isTTY = true;
  readonly #terminal: Terminal;
  #lines: string[] = [];
  #patches: (CellRow | undefined)[] = [];
  /** Painted over the frame, from the next one on or at once by `repaint`. */
  region: Region | undefined;
  #rows: CellRow[] = [];
  #newest = "";
  #isOpen = false;
  #isBehind = false;

  constructor(terminal: Terminal) {
    super();
    this.setMaxListeners(50);
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return this.#terminal.rows || 24;
  }

  /** Takes the terminal over: the alternate screen, no cursor, no wrapping. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#terminal.on("resize", this.#onResize);
    this.#terminal.on("drain", this.#onDrain);
    this.#forget();
    this.#terminal.write(ENTER);
    this.#paint();
  }

  /** Gives the terminal back as it was. Safe to call twice. @param write for a way out on which nothing is awaited */
  close(write: (text: string) => void = (text) => this.#terminal.write(text)): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#terminal.off("resize", this.#onResize);
    this.#terminal.off("drain", this.#onDrain);
    write(LEAVE);
  }

  /** A frame from Ink. Its cursor commands are not for this terminal. */
  write(frame: string): boolean {
    if (frame.startsWith("\x1b[?") || frame === "") return true;
    this.#newest = frame;
    if (this.#isOpen && !this.#isBehind) this.#paint();
    return true;
  }

  /** Paints what changed in the region when Ink has no reason to write. */
  repaint(): void {
    if (this.#isOpen && !this.#isBehind) this.#paint();
  }

  #paint(): void {
    const { columns, rows } = this;
    const lines = this.#newest.split("\n");
    let bytes = "";
    for (let y = 0; y < rows; y++) {
      const line = lines[y] ?? "";
      const patch = this.#patchAt(y);
      if (line === (this.#lines[y] ?? "") && patch === this.#patches[y]) continue;
      const row = patch ? overlay(parseRow(line), patch, this.region!) : parseRow(line);
      bytes += diffRow(this.#rows[y] ?? EMPTY_ROW, row, y, columns);
      this.#lines[y] = line;
      this.#patches[y] = patch;
      this.#rows[y] = row;
    }
    if (bytes !== "") this.#isBehind = !this.#terminal.write(BEGIN_FRAME + bytes + END_FRAME);
  }

  #patchAt(y: number): CellRow | undefined {
    return this.region?.rows[y - this.region.top];
  }

  #forget(): void {
    this.#lines = [];
    this.#patches = [];
    this.#rows = [];
  }

  /** Terminals move or cut what they show when their size changes: begin with an empty screen. */
  readonly #onResize = (): void => {
    this.#forget();
    this.#terminal.write("\x1b[0m\x1b[2J");
    this.emit("resize");
    if (!this.#isBehind) this.#paint();
  };

  readonly #onDrain = (): void => {
    this.#isBehind = false;
    this.#paint();
  };
}

/** The row with the region's cells in their place; what the row lacks before them is blank. */
function overlay(row: CellRow, patch: CellRow, { left, columns }: Region): CellRow {
  const put = (cells: readonly string[], patched: readonly string[], blank: string) => {
    const head = cells.slice(0, left);
    while (head.length < left) head.push(blank);
    return [...head, ...patched.slice(0, columns), ...cells.slice(left + columns)];
  };
  return { texts: put(row.texts, patch.texts, " "), styles: put(row.styles, patch.styles, "") };
}
