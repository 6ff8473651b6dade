import { toPlottyError } from "../../shared/errors.ts";
import type { Logger } from "../log.ts";

const TRY_AGAIN_MS = 2000;
/** A full disk takes a little now and then: only after so long without a refusal the next one is news. */
const QUIET_MS = 10_000;
const MOST_WAITING = 1000;

/**
 * What must be kept though the disk is full just now: a plot goes on meanwhile, so nothing is thrown; what must not be lost
 * is tried again, in order, until there is room.
 */
export class DiskPatience {
  readonly #log: Logger;
  readonly #onRefusal: () => void;
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refusedAtMs = -Infinity;

  /** @param onRefusal the disk refuses from now on; told once, and again only when it took everything for ten seconds */
  constructor(log: Logger, onRefusal: () => void) {
    this.#log = log;
    this.#onRefusal = onRefusal;
  }

  /** Runs `work` now or, if the disk refuses it, when it allows it. `work` starts with what can fail. */
  insist(work: () => void): void {
    if (this.#waiting.length === 0 && this.attempt(work)) return;
    if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
    this.#waiting.push(work);
    this.#timer ??= setTimeout(() => this.again(), TRY_AGAIN_MS).unref();
  }

  /** Runs `work` once. @returns whether the disk took it; any other failure is thrown */
  attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (thrown) {
      const error = toPlottyError(thrown);
      const isDisk = isOfTheDisk(error.code) || isOfTheDisk(sqliteCode(thrown));
      if (!isDisk) throw thrown;
      this.#refused(error);
      return false;
    }
  }

  #refused(error: Error): void {
    const now = performance.now();
    const isNews = now - this.#refusedAtMs > QUIET_MS;
    this.#refusedAtMs = now;
    if (!isNews) return;
    this.#log.error({ err: error }, "the disk takes nothing more: free some room");
    this.#onRefusal();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Tries all that waits; stops at the first that is refused. */
  again(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0 && this.attempt(this.#waiting[0]!)) this.#waiting.shift();
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.again(), TRY_AGAIN_MS).unref();
  }
}

function sqliteCode(thrown: unknown): string {
  return String((thrown as { code?: unknown } | null)?.code ?? "");
}

function isOfTheDisk(code: string): boolean {
  return code === "disk.full" || code === "store.unusable" || /^SQLITE_(FULL|IOERR)|^ENOSPC|^EIO/.test(code);
}
