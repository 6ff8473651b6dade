import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { entryPoint } from "../entry-point.ts";

/** What the two threads share: whose turn it is to write, and whether there is something to wipe. */
export const TURN = 0;
export const SHOWN = 1;
export const FREE = 0;
export const TAKEN = 1;

export interface WaitBarData {
  readonly what: string;
  readonly state: Int32Array;
  /** Of the terminal. */
  readonly columns: number;
}

/** A smaller drawing is planned before a bar would be seen. */
const LEAST_BYTES = 50_000;

/**
 * Does work that keeps this thread busy, and shows on a terminal's stderr that it goes on once that has taken a second. The
 * bar is in a thread of its own: here no timer runs before the work is done.
 */
export function whileWaiting<T>(what: string, bytes: number, work: () => T): T {
  const isSeen = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  if (!isSeen || bytes < LEAST_BYTES) return work();
  const state = new Int32Array(new SharedArrayBuffer(8));
  const workerData: WaitBarData = { what, state, columns: process.stderr.columns || 80 };
  const thread = new Worker(entryPoint("wait-bar-thread"), { workerData });
  thread.unref();
  try {
    return work();
  } finally {
    while (Atomics.compareExchange(state, TURN, FREE, TAKEN) !== FREE) Atomics.wait(state, TURN, TAKEN, 20);
    if (Atomics.load(state, SHOWN) === 1) writeSync(2, "\r\x1b[K"); // its turn never comes again
    void thread.terminate();
  }
}
