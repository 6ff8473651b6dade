import type { WebsocketStats } from "../src/shared/http-messages.ts";
import { STUCK_CHANNEL } from "./fanout-event.ts";

/** Asked of the daemon under test when it is disturbed: what it holds, and how long it keeps one who never reads. */
export type ToWatch = { readonly type: "watch"; readonly forStuck: boolean } | { readonly type: "unwatch" };

export interface FromWatch {
  readonly type: "watched";
  readonly peakRssBytes: number;
  /** From the first byte that the stuck client did not take until it was gone; null when it is still there. */
  readonly stuckMs: number | null;
  readonly closedSlow: number;
}

/** Looking costs the daemon a millisecond at 1,000 clients: not oftener than this. */
const LOOK_EVERY_MS = 25;

/** @param fill tells something long to the one that never reads */
export function watchDaemon(stats: () => WebsocketStats, fill: () => void): void {
  let timer: NodeJS.Timeout;
  let peakRssBytes = 0;
  let stuck = newStuck();
  const look = () => {
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
    if (!stuck.isAwaited) return;
    stuck.look(stats());
    if (stuck.isAwaited) fill();
  };
  process.on("message", (message: ToWatch) => {
    if (message.type === "watch") {
      peakRssBytes = 0;
      stuck = newStuck(message.forStuck);
      timer = setInterval(look, LOOK_EVERY_MS);
    }
    if (message.type === "unwatch") {
      clearInterval(timer);
      const watched: FromWatch = {
        type: "watched",
        peakRssBytes,
        stuckMs: stuck.keptMs,
        closedSlow: stats().closed_slow,
      };
      process.send?.(watched);
    }
  });
}

/** The life of the one that never reads, by looks: not come yet, takes all, is behind, gone. */
function newStuck(isAwaited = false) {
  let behindSinceMs: number | null = null;
  let lastLookMs = performance.now();
  return {
    isAwaited,
    keptMs: null as number | null,
    look(stats: WebsocketStats): void {
      const one = stats.clients.find(({ channels }) => channels.includes(STUCK_CHANNEL));
      const now = performance.now();
      // It fell behind after the last look that saw it keep up, and was gone before this one: the longest that it can be.
      if (one && one.lag_bytes > 0) behindSinceMs ??= lastLookMs;
      if (!one && behindSinceMs !== null) {
        this.keptMs = now - behindSinceMs;
        this.isAwaited = false;
      }
      lastLookMs = now;
    },
  };
}
