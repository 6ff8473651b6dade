import type { Clock } from "../../shared/clock.ts";
import type { PlottyEvent } from "../../shared/ws-messages.ts";

/**
 * At most nine moments a second of one job or device: with the one that a change of state lets through early,
 * nobody sees more than ten.
 */
const INTERVAL_MS = 120;

/** Quiet jobs and devices are forgotten when there are more. */
const MAX_LANES = 1000;

interface Lane {
  lastMs: number;
  waiting: PlottyEvent | null;
  cancel: (() => void) | null;
}

/** Thins out progress and positions; changes of state pass at once, with the last moment before them in front. */
export class FrameLimiter {
  readonly #clock: Clock;
  readonly #pass: (event: PlottyEvent) => void;
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock, pass: (event: PlottyEvent) => void) {
    this.#clock = clock;
    this.#pass = pass;
  }

  take(event: PlottyEvent): void {
    const key = laneOf(event);
    if (key === null) return this.#pass(event);
    if (isMoment(event)) return this.#moment(key, event);
    this.#letThrough(key, event.type === "job_state_change" || event.type === "job_removed");
    this.#pass(event);
    if (event.type === "device_status") this.#lane(key).lastMs = this.#clock.monotonicMs();
    else this.#lanes.delete(key);
  }

  stop(): void {
    for (const lane of this.#lanes.values()) lane.cancel?.();
    this.#lanes.clear();
  }

  #moment(key: string, event: PlottyEvent): void {
    const lane = this.#lane(key);
    const waitMs = lane.lastMs + INTERVAL_MS - this.#clock.monotonicMs();
    if (waitMs <= 0 && !lane.cancel) return this.#send(lane, event);
    lane.waiting = event;
    lane.cancel ??= this.#clock.after(Math.max(0, waitMs), () => {
      lane.cancel = null;
      if (lane.waiting) this.#send(lane, lane.waiting);
    });
  }

  #send(lane: Lane, event: PlottyEvent): void {
    lane.waiting = null;
    lane.lastMs = this.#clock.monotonicMs();
    this.#pass(event);
  }

  /** A job's last progress is told before its new state; a device's older position is void beside its new status. */
  #letThrough(key: string, tellWaiting: boolean): void {
    const lane = this.#lanes.get(key);
    if (!lane) return;
    lane.cancel?.();
    lane.cancel = null;
    if (tellWaiting && lane.waiting) this.#pass(lane.waiting);
    lane.waiting = null;
  }

  #forgetQuiet(): void {
    for (const [key, lane] of this.#lanes) if (!lane.cancel) this.#lanes.delete(key);
  }

  #lane(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      if (this.#lanes.size >= MAX_LANES) this.#forgetQuiet();
      lane = { lastMs: Number.NEGATIVE_INFINITY, waiting: null, cancel: null };
      this.#lanes.set(key, lane);
    }
    return lane;
  }
}

function laneOf(event: PlottyEvent): string | null {
  if (event.type === "device_status") return `device ${event.device_id}`;
  if (event.type === "job_progress" || event.type === "job_state_change" || event.type === "job_removed") {
    return `job ${event.job_id}`;
  }
  return null;
}

function isMoment(event: PlottyEvent): boolean {
  return event.type === "job_progress" || (event.type === "device_status" && event.seq === undefined);
}
