import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { FREE, SHOWN, TAKEN, TURN, type WaitBarData } from "./wait-bar.ts";

const PATIENCE_MS = 1000;
const REDRAW_MS = 100;
const CELLS = 20;
const RUNNER = 4;

showBar(workerData as WaitBarData);

function showBar({ what, state, columns }: WaitBarData): void {
  const startedMs = performance.now();
  setInterval(() => {
    const sinceMs = performance.now() - startedMs;
    if (sinceMs < PATIENCE_MS || Atomics.compareExchange(state, TURN, FREE, TAKEN) !== FREE) return;
    const line = `${runner(sinceMs)} ${what}  ${Math.floor(sinceMs / 1000)} s`;
    if (write(`\r${line.slice(0, columns - 1)}\x1b[K`)) Atomics.store(state, SHOWN, 1);
    Atomics.store(state, TURN, FREE);
    Atomics.notify(state, TURN);
  }, REDRAW_MS);
}

/** `[    ====            ]`, to and fro: how much is left to do is not known. */
function runner(sinceMs: number): string {
  const most = CELLS - RUNNER;
  const step = Math.floor(sinceMs / REDRAW_MS) % (2 * most);
  const left = step <= most ? step : 2 * most - step;
  return `[${" ".repeat(left)}${"=".repeat(RUNNER)}${" ".repeat(most - left)}]`;
}

/** A terminal that is behind, or gone, is not waited for. */
function write(text: string): boolean {
  try {
    writeSync(2, text);
    return true;
  } catch {
    return false;
  }
}
