import { randomUUID } from "node:crypto";
import { type Clock, timestamp } from "../shared/clock.ts";
import type { Level } from "../shared/ws-messages.ts";
import type { Bus, BusEvent } from "./bus.ts";
import type { PlottyDatabase } from "./database.ts";
import type { NewDurableEvent, SqliteEventLog } from "./event-log.ts";

export interface NewAlert {
  readonly level: Level;
  readonly message: string;
  readonly source: string;
  readonly details?: Record<string, unknown>;
  readonly jobId?: string;
  readonly deviceId?: string;
}

/** Save, then publish: a durable event is on disk, together with the change it tells of, before anyone hears of it. */
export class Publisher {
  readonly clock: Clock;
  readonly #bus: Bus;
  readonly #database: PlottyDatabase;
  readonly #log: SqliteEventLog;

  constructor(bus: Bus, database: PlottyDatabase, log: SqliteEventLog, clock: Clock) {
    this.#bus = bus;
    this.#database = database;
    this.#log = log;
    this.clock = clock;
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

  alert(alert: NewAlert): void {
    this.durable({
      type: "system_alert",
      timestamp: this.now(),
      level: alert.level,
      message: alert.message,
      details: alert.details ?? {},
      id: randomUUID(),
      source: alert.source,
      ...(alert.jobId ? { job_id: alert.jobId } : {}),
      ...(alert.deviceId ? { device_id: alert.deviceId } : {}),
    });
  }

  now(): string {
    return timestamp(this.clock);
  }
}
