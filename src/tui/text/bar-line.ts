import type { Session } from "../session.ts";
import { progressBar } from "./progress-bar.ts";
import type { Theme } from "./theme.ts";

const BAR_CELLS = 30;
const LEAST_CELLS = 5;
const REDRAW_MS = 100;

/** One line of stderr that is drawn over itself: a bar and words. Only on a terminal that can do that; else nothing. */
export class BarLine {
  readonly isLive: boolean;
  readonly #session: Session;
  readonly #theme: Theme;
  #isShown = false;
  #drawnMs = -Infinity;

  constructor(session: Session, theme: Theme) {
    this.#session = session;
    this.#theme = theme;
    this.isLive = session.stderr.isTTY === true && session.env.TERM !== "dumb";
  }

  /** @param share 0…1; nothing where none is known, which leaves the words alone */
  draw(share: number | undefined, words: string): void {
    if (!this.isLive || (performance.now() - this.#drawnMs < REDRAW_MS && share !== 1)) return;
    this.#drawnMs = performance.now();
    const columns = this.#session.stderr.columns || 80;
    const cells = Math.max(LEAST_CELLS, Math.min(BAR_CELLS, columns - words.length - 2));
    const bar = share === undefined ? "" : `${progressBar(share, cells, this.#theme.glyphs)} `;
    this.#session.stderr.write(`\r${bar}${words.slice(0, columns - 1)}\x1b[K`);
    this.#isShown = true;
  }

  /** Leaves the cursor at the start of an empty line. */
  clear(): void {
    if (this.#isShown) this.#session.stderr.write("\r\x1b[K");
    this.#isShown = false;
  }
}
