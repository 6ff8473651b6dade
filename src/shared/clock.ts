/** Time, handed in: production runs on the system's clock, tests on one they move by hand. */
export interface Clock {
  /** Milliseconds that only ever go forward. */
  monotonicMs(): number;
  /** Wall clock, milliseconds since 1970. */
  wallMs(): number;
  /** Runs `callback` after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that runs `factor` times faster than `clock`: the virtual plotter's `--speed`. */
export function fasterClock(clock: Clock, factor: number): Clock {
  if (factor === 1) return clock;
  const startMs = clock.monotonicMs();
  return {
    monotonicMs: () => startMs + (clock.monotonicMs() - startMs) * factor,
    wallMs: () => clock.wallMs(),
    after: (delayMs, callback) => clock.after(delayMs / factor, callback),
  };
}

/** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal!.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** RFC 3339 in UTC with whole milliseconds and `Z`. */
export function timestamp(clock: Clock): string {
  return new Date(clock.wallMs()).toISOString();
}
