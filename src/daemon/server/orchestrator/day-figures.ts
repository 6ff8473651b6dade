import type { Clock } from "../../../shared/clock.ts";
import type { JobStateChange } from "../../../shared/ws-messages.ts";
import type { EventLog } from "../../event-log.ts";

const PAGE = 500;

/** What happened since local midnight. */
export class DayFigures {
  readonly #clock: Clock;
  readonly #queuedAtMs = new Map<string, number>();
  #midnightMs: number;
  #completed = 0;
  #failed = 0;
  #waits = 0;
  #waitedMs = 0;

  /** @param log today's events so far are read from it, so that a restart forgets nothing */
  constructor(clock: Clock, log: EventLog) {
    this.#clock = clock;
    this.#midnightMs = midnightBefore(clock.wallMs());
    for (const change of changesSince(log, this.#midnightMs)) this.note(change);
  }

  note(change: JobStateChange): void {
    this.#turnDay();
    const atMs = Date.parse(change.timestamp);
    if (change.to_state === "COMPLETED") this.#completed += 1;
    if (change.to_state === "FAILED") this.#failed += 1;
    if (change.to_state === "QUEUED") this.#queuedAtMs.set(change.job_id, atMs);
    else if (change.to_state !== "PLANNING") this.#endWait(change, atMs);
  }

  read(): { completed: number; failed: number; avgWaitMs: number } {
    this.#turnDay();
    const avgWaitMs = this.#waits === 0 ? 0 : Math.round(this.#waitedMs / this.#waits);
    return { completed: this.#completed, failed: this.#failed, avgWaitMs };
  }

  #endWait(change: JobStateChange, atMs: number): void {
    const queuedMs = this.#queuedAtMs.get(change.job_id);
    this.#queuedAtMs.delete(change.job_id);
    if (queuedMs === undefined || change.to_state !== "RUNNING") return;
    this.#waits += 1;
    this.#waitedMs += Math.max(0, atMs - queuedMs);
  }

  #turnDay(): void {
    const midnightMs = midnightBefore(this.#clock.wallMs());
    if (midnightMs === this.#midnightMs) return;
    this.#midnightMs = midnightMs;
    this.#completed = 0;
    this.#failed = 0;
    this.#waits = 0;
    this.#waitedMs = 0;
  }
}

function midnightBefore(wallMs: number): number {
  return new Date(wallMs).setHours(0, 0, 0, 0);
}

/** Read backwards, page by page, until an event of yesterday. */
function changesSince(log: EventLog, sinceMs: number): JobStateChange[] {
  const pages: JobStateChange[][] = [];
  for (let end = log.lastSeq; end >= log.firstSeq; end -= PAGE) {
    const rows = log.read(Math.max(log.firstSeq, end - PAGE + 1), end, PAGE);
    const changes = rows
      .filter(({ type }) => type === "job_state_change")
      .map(({ json }) => JSON.parse(json) as JobStateChange);
    const today = changes.filter(({ timestamp }) => Date.parse(timestamp) >= sinceMs);
    pages.unshift(today);
    if (today.length < changes.length) break;
  }
  return pages.flat();
}
