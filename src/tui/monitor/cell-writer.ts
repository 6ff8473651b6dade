import { EventEmitter } from "node:events";
import { diffRow } from "./cell-diff.ts";
import { asciiRow, type CellRow, EMPTY_ROW, overlay, type Patch, parseRow } from "./cells.ts";

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
  /** A row that has not changed is the same object as before; a missing one leaves what Ink has there. */
  readonly rows: readonly CellRow[];
}

/**
 * Stands between Ink and the terminal as Ink's stdout: takes whole frames from Ink and regions that lie over them, writes
 * only the cells that changed, and nothing when none did. A terminal that is behind gets the newest when it is ready.
 */
export class CellWriter extends EventEmitter {
  readonly isTTY = true;
  readonly #terminal: Terminal;
  readonly #isAscii: boolean;
  #lines: string[] = [];
  #patches: (readonly Patch[])[] = [];
  #regions: readonly Region[] = [];
  #rows: CellRow[] = [];
  #newest = "";
  #isOpen = false;
  #isBehind = false;
  #isDue = false;

  /** @param unicode false where the terminal shows ASCII only, whatever the names of jobs hold */
  constructor(terminal: Terminal, unicode = true) {
    super();
    this.#isAscii = !unicode;
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
    this.#paint();
    return true;
  }

  /**
   * What lies over the frame from now on. Painted with the frame that Ink writes in this turn, or at the turn's end when it
   * has no reason to write one; so a render may say it, even twice.
   */
  show(regions: readonly Region[]): void {
    this.#regions = regions;
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      if (this.#isDue) this.#paint();
    });
  }

  /** Paints all of it anew: what the terminal shows is not what was written. */
  redraw(): void {
    if (!this.#isOpen) return;
    this.#forget();
    this.#terminal.write("\x1b[0m\x1b[2J");
    this.#paint();
  }

  #paint(): void {
    if (!this.#isOpen || this.#isBehind) return;
    this.#isDue = false;
    const { columns, rows } = this;
    const lines = this.#newest.split("\n");
    const patches = this.#patchesOf(rows);
    let bytes = "";
    for (let y = 0; y < rows; y++) {
      const line = lines[y] ?? "";
      const over = patches[y]!;
      if (line === (this.#lines[y] ?? "") && isSame(over, this.#patches[y] ?? [])) continue;
      const cells = overlay(parseRow(line), over);
      const row = this.#isAscii ? asciiRow(cells) : cells;
      bytes += diffRow(this.#rows[y] ?? EMPTY_ROW, row, y, columns);
      this.#lines[y] = line;
      this.#patches[y] = over;
      this.#rows[y] = row;
    }
    if (bytes !== "") this.#isBehind = !this.#terminal.write(BEGIN_FRAME + bytes + END_FRAME);
  }

  /** What lies over each row of the screen. */
  #patchesOf(rows: number): Patch[][] {
    const patches = Array.from({ length: rows }, (): Patch[] => []);
    for (const { left, top, columns, rows: cells } of this.#regions) {
      cells.forEach((row, i) => {
        patches[top + i]?.push({ left, columns, row });
      });
    }
    return patches;
  }

  #forget(): void {
    this.#lines = [];
    this.#patches = [];
    this.#rows = [];
  }

  /** Terminals move or cut what they show when their size changes: begin with an empty screen. */
  readonly #onResize = (): void => {
    this.emit("resize");
    this.redraw();
  };

  readonly #onDrain = (): void => {
    this.#isBehind = false;
    this.#paint();
  };
}

function isSame(patches: readonly Patch[], before: readonly Patch[]): boolean {
  return (
    patches.length === before.length &&
    patches.every(({ row, left, columns }, i) => {
      const other = before[i]!;
      return row === other.row && left === other.left && columns === other.columns;
    })
  );
}
