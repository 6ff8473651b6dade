import type { Clock } from "../../src/shared/clock.ts";

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #nowMs: number;
  readonly #startWallMs: number;
  readonly #timers = new Set<{ dueMs: number; callback: () => void }>();

  constructor(nowMs = 0, startWallMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
    this.#startWallMs = startWallMs - nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on and runs what is due, in order; promises get no turn in between. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.#runNext(endMs));
    this.#nowMs = endMs;
  }

  /** Moves on and runs what is due, in order; after each timer all promises that can settle do. */
  async advanceAsync(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    while (this.#runNext(endMs)) await settle();
    this.#nowMs = endMs;
    await settle();
  }

  /** Runs timers until `promise` settles, and gives its outcome; fails after `limitMs` of this clock. */
  async runUntil<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    const endMs = this.#nowMs + limitMs;
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    await settle();
    while (!settled) {
      if (!this.#runNext(endMs)) throw new Error(`not settled after ${limitMs} ms, and no timer waits`);
      await settle();
    }
    return promise;
  }

  #runNext(endMs: number): boolean {
    let next: { dueMs: number; callback: () => void } | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (!next || timer.dueMs < next.dueMs)) next = timer;
    }
    if (!next) return false;
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.callback();
    return true;
  }
}

/** Lets all promises that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
