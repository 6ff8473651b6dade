import type { Clock } from "../../shared/clock.ts";
import type { SystemStatus } from "../../shared/ws-messages.ts";

/** How often a change that no event announces (the daemon's own status) is looked for. */
const LOOK_EVERY_MS = 1000;

/** Publishes `system_status` when it changes and every `intervalMs`. */
export class StatusReporter {
  readonly #clock: Clock;
  readonly #read: () => SystemStatus;
  readonly #publish: (status: SystemStatus) => void;
  readonly #intervalMs: number;
  #last = "";
  #lastMs: number;
  #cancel: () => void = () => {};
  #lookIsDue = false;
  #stopped = false;

  constructor(
    clock: Clock,
    intervalMs: number,
    read: () => SystemStatus,
    publish: (status: SystemStatus) => void,
  ) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#read = read;
    this.#publish = publish;
    this.#last = essence(read());
    this.#lastMs = clock.monotonicMs();
    this.#tick();
  }

  /** Something happened: look once, when this turn of the event loop is over. */
  noteChange(): void {
    if (this.#lookIsDue || this.#stopped) return;
    this.#lookIsDue = true;
    setImmediate(() => {
      this.#lookIsDue = false;
      if (!this.#stopped) this.look();
    });
  }

  /** Publishes if the status changed or the interval is over. */
  look(): void {
    const status = this.#read();
    const now = this.#clock.monotonicMs();
    if (essence(status) === this.#last && now - this.#lastMs < this.#intervalMs) return;
    this.#last = essence(status);
    this.#lastMs = now;
    this.#publish(status);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #tick(): void {
    const untilDueMs = this.#lastMs + this.#intervalMs - this.#clock.monotonicMs();
    this.#cancel = this.#clock.after(Math.max(1, Math.min(LOOK_EVERY_MS, untilDueMs)), () => {
      this.look();
      this.#tick();
    });
  }
}

/** What counts as a change: all but the time. */
function essence({ status, active_jobs, queue_length }: SystemStatus): string {
  return `${status} ${active_jobs} ${queue_length}`;
}
