import { randomUUID } from "node:crypto";
import { type Clock, timestamp } from "../shared/clock.ts";
import { AlertBook, type NewAlert } from "./alert-book.ts";
import type { Bus, BusEvent } from "./bus.ts";
import type { PlottyDatabase } from "./database.ts";
import type { NewDurableEvent, SqliteEventLog } from "./event-log.ts";

export type { NewAlert } from "./alert-book.ts";

/** Save, then publish: a durable event is on disk, together with the change it tells of, before anyone hears of it. */
export class Publisher {
  readonly clock: Clock;
  /** What was told to people, and what of it is over or seen. */
  readonly alerts: AlertBook;
  readonly #bus: Bus;
  readonly #database: PlottyDatabase;
  readonly #log: SqliteEventLog;

  constructor(bus: Bus, database: PlottyDatabase, log: SqliteEventLog, clock: Clock) {
    this.#bus = bus;
    this.#database = database;
    this.#log = log;
    this.clock = clock;
    this.alerts = new AlertBook(database, clock);
  }

  /** @param change what the event tells of; runs in the same transaction */
  durable(event: NewDurableEvent, change?: () => void): void {
    const numbered = this.#database.transaction(() => {
      change?.();
      return this.#log.append(event);
    });
    this.#bus.publish(numbered);
  }

  /** The state of the moment: not kept, not numbered. */
  fleeting(event: BusEvent): void {
    this.#bus.publish(event);
  }

  /** Kept and told; one whose condition lasts still is only counted, one too many in a minute only kept. */
  alert(alert: NewAlert): void {
    if (this.alerts.countAgain(alert)) return;
    const verdict = this.alerts.admit(alert);
    if (verdict === "too-many") return this.alerts.keep(randomUUID(), alert);
    this.#tell(alert);
    if (verdict === "last") this.#tell(this.alerts.silence(alert));
  }

  /** What `key` names is over: told when it had been told, with the sentence for it. */
  alertOver(key: string, level: NewAlert["level"], message: string): void {
    const over = this.alerts.underWay(key);
    if (!over) return;
    const { source, job_id, device_id } = over;
    this.#tell(
      {
        level,
        message,
        source,
        details: { cleared: over.id },
        ...(job_id && { jobId: job_id }),
        ...(device_id && { deviceId: device_id }),
      },
      () => this.alerts.clear(key),
    );
  }

  #tell(alert: NewAlert, change?: () => void): void {
    const id = randomUUID();
    const event: NewDurableEvent = {
      type: "system_alert",
      timestamp: this.now(),
      level: alert.level,
      message: alert.message,
      details: alert.details ?? {},
      id,
      source: alert.source,
      ...(alert.jobId ? { job_id: alert.jobId } : {}),
      ...(alert.deviceId ? { device_id: alert.deviceId } : {}),
    };
    this.durable(event, () => {
      change?.();
      this.alerts.keep(id, alert);
    });
  }

  now(): string {
    return timestamp(this.clock);
  }
}
