import { randomUUID } from "node:crypto";
import type { Clock } from "../shared/clock.ts";
import type { DurableEvent } from "../shared/ws-messages.ts";
import type { PlottyDatabase } from "./database.ts";

export interface LoggedEvent {
  readonly seq: number;
  readonly type: DurableEvent["type"];
  readonly json: string;
}

/** The durable events, numbered without a hole, on disk before anyone hears of them. */
export interface EventLog {
  /** A string that changes only when the log is lost. */
  readonly epoch: string;
  /** Number of the newest event; 0 when there is none. */
  readonly lastSeq: number;
  /** Number of the oldest event that can still be replayed; `lastSeq + 1` when there is none. */
  readonly firstSeq: number;
  /** Events `fromSeq … toSeq` (inclusive) as the JSON text that was published, oldest first, at most `limit`. */
  read(fromSeq: number, toSeq: number, limit: number): LoggedEvent[];
}

type WithoutSeq<E> = E extends DurableEvent ? Omit<E, "seq"> : never;
/** A durable event before it has its number. */
export type NewDurableEvent = WithoutSeq<DurableEvent>;

export interface EventLogLimits {
  readonly maxAgeDays: number;
  readonly maxEvents: number;
}

const PRUNE_EVERY = 200;
const DAY_MS = 86_400_000;

/** The event log in SQLite. `append` belongs in the transaction of the change it tells of. */
export class SqliteEventLog implements EventLog {
  readonly epoch: string;
  readonly #database: PlottyDatabase;
  readonly #clock: Clock;
  readonly #limits: EventLogLimits;
  #appended = 0;
  readonly #startWallMs: number;
  readonly #startMs: number;

  constructor(database: PlottyDatabase, clock: Clock, limits: EventLogLimits) {
    this.#database = database;
    this.#clock = clock;
    this.#startWallMs = clock.wallMs();
    this.#startMs = clock.monotonicMs();
    this.#limits = limits;
    this.epoch = readEpoch(database);
    this.prune();
  }

  get lastSeq(): number {
    const row = this.#one("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
    return row ? Number(row.seq) : 0;
  }

  get firstSeq(): number {
    const row = this.#one("SELECT MIN(seq) AS seq FROM events");
    return row?.seq == null ? this.lastSeq + 1 : Number(row.seq);
  }

  /** @returns the event with its number, to be published once the transaction is committed */
  append(event: NewDurableEvent): DurableEvent {
    return this.#database.transaction(() => {
      const seq = this.lastSeq + 1;
      const numbered = { ...event, seq } as DurableEvent;
      this.#database.sql
        .prepare("INSERT INTO events (seq, type, at_ms, json) VALUES (?, ?, ?, ?)")
        .run(seq, event.type, this.#clock.wallMs(), JSON.stringify(numbered));
      if (++this.#appended % PRUNE_EVERY === 0) this.prune();
      return numbered;
    });
  }

  read(fromSeq: number, toSeq: number, limit: number): LoggedEvent[] {
    return this.#database.sql
      .prepare("SELECT seq, type, json FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?")
      .all(fromSeq, toSeq, limit) as LoggedEvent[];
  }

  /** Lets go of what is too old or too much, always from the oldest end, so that what is left has no hole. */
  prune(): void {
    const oldestMs = this.#believedNowMs() - this.#limits.maxAgeDays * DAY_MS;
    const byCount = this.lastSeq - this.#limits.maxEvents;
    const row = this.#one("SELECT MIN(seq) AS seq FROM events WHERE at_ms >= ?", oldestMs);
    const byAge = row?.seq == null ? this.lastSeq : Number(row.seq) - 1;
    this.#database.sql.prepare("DELETE FROM events WHERE seq <= ?").run(Math.max(byCount, byAge));
  }

  /** A clock that jumps forward while the daemon runs makes nothing old. */
  #believedNowMs(): number {
    const passedMs = this.#clock.monotonicMs() - this.#startMs;
    return Math.min(this.#clock.wallMs(), this.#startWallMs + passedMs);
  }

  #one(query: string, ...values: number[]): Record<string, unknown> | undefined {
    return this.#database.sql.prepare(query).get(...values) as Record<string, unknown> | undefined;
  }
}

function readEpoch(database: PlottyDatabase): string {
  return database.transaction(() => {
    const row = database.sql.prepare("SELECT value FROM meta WHERE key = 'epoch'").get() as
      | { value: string }
      | undefined;
    if (row) return row.value;
    const epoch = randomUUID();
    database.sql.prepare("INSERT INTO meta (key, value) VALUES ('epoch', ?)").run(epoch);
    return epoch;
  });
}
