import type { Session } from "../session.ts";
import { BarLine } from "./bar-line.ts";
import { formatDuration, formatPercent } from "./format.ts";
import type { Theme } from "./theme.ts";

const PATIENCE_MS = 1000;
const TICK_MS = 200;

/** A bar for what takes over a second. What is done sooner is never told, and a pipe is told nothing. */
export class Meter {
  readonly #line: BarLine;
  readonly #what: string;
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #share: number | undefined;

  /** @param what is going on, such as `sending drawing.svg` */
  constructor(session: Session, theme: Theme, what: string) {
    this.#line = new BarLine(session, theme);
    this.#what = what;
    this.#timer = setInterval(() => this.#draw(), TICK_MS);
  }

  /** @param share of it that is done, 0…1 */
  tell(share: number): void {
    this.#share = share;
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#line.clear();
  }

  #draw(): void {
    const sinceMs = performance.now() - this.#startedMs;
    if (sinceMs < PATIENCE_MS) return;
    const share = this.#share === undefined ? "" : `${formatPercent(this.#share).padStart(4)}  `;
    this.#line.draw(this.#share, `${share}${this.#what}  ${formatDuration(Math.floor(sinceMs / 1000))}`);
  }
}
