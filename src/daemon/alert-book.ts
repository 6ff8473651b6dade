import type { Clock } from "../shared/clock.ts";
import { PlottyError } from "../shared/errors.ts";
import type { AlertView } from "../shared/http-messages.ts";
import type { Level } from "../shared/ws-messages.ts";
import type { PlottyDatabase } from "./database.ts";
import type { AlertQuery, AlertService } from "./services.ts";

export interface NewAlert {
  readonly level: Level;
  readonly message: string;
  readonly source: string;
  readonly details?: Record<string, unknown>;
  readonly jobId?: string;
  readonly deviceId?: string;
  /** Names something that lasts: until it is cleared it is told once. Missing: made of what it is about. */
  readonly key?: string;
}

interface Row {
  readonly serial: number;
  readonly id: string;
  readonly level: Level;
  readonly source: string;
  readonly message: string;
  readonly details: string;
  readonly job_id: string | null;
  readonly device_id: string | null;
  readonly raised_ms: number;
  readonly last_ms: number;
  readonly count: number;
  readonly cleared_ms: number | null;
  readonly acknowledged_ms: number | null;
}

const WINDOW_MS = 60_000;
/** Alerts kept; the oldest go first. */
const MOST_KEPT = 2000;
const PRUNE_EVERY = 50;

/** Every alert that was raised: how often it came, whether it is over, whether somebody has seen it. */
export class AlertBook implements AlertService {
  /** Alerts told a minute and source. */
  perMinute = 60;
  readonly #database: PlottyDatabase;
  readonly #clock: Clock;
  readonly #told = new Map<string, number[]>();
  #kept = 0;

  constructor(database: PlottyDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  list({ open, limit, cursor }: AlertQuery): { alerts: AlertView[]; nextCursor: string | null } {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor);
    const where = open ? "AND cleared_ms IS NULL AND acknowledged_ms IS NULL" : "";
    const rows = this.#database.sql
      .prepare(`SELECT rowid AS serial, * FROM alerts WHERE rowid < ? ${where} ORDER BY rowid DESC LIMIT ?`)
      .all(before, limit + 1) as Row[];
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > page.length && last ? `a${last.serial}` : null;
    return { alerts: page.map(viewOf), nextCursor };
  }

  acknowledge(id: string): AlertView {
    this.#database.sql
      .prepare("UPDATE alerts SET acknowledged_ms = ? WHERE id = ? AND acknowledged_ms IS NULL")
      .run(this.#clock.wallMs(), id);
    const row = this.#database.sql.prepare("SELECT rowid AS serial, * FROM alerts WHERE id = ?").get(id);
    if (row) return viewOf(row as Row);
    throw new PlottyError("alert.not-found", `there is no alert "${id}": plotty alerts --all lists them`, {
      id,
    });
  }

  /** The alert that `key` has raised and that is not over yet. */
  underWay(key: string): AlertView | null {
    const row = this.#database.sql
      .prepare("SELECT rowid AS serial, * FROM alerts WHERE key = ? AND cleared_ms IS NULL")
      .get(key);
    return row ? viewOf(row as Row) : null;
  }

  /** @returns whether it is under way already; then it is counted once more */
  countAgain(alert: NewAlert): boolean {
    const key = keyOf(alert);
    if (key === null) return false;
    const { changes } = this.#database.sql
      .prepare("UPDATE alerts SET count = count + 1, last_ms = ? WHERE key = ? AND cleared_ms IS NULL")
      .run(this.#clock.wallMs(), key);
    return changes > 0;
  }

  /** Whether one more of its source may be told this minute; `last`: it may, and after it none. Critical ones always may. */
  admit({ source, level }: NewAlert): "tell" | "last" | "too-many" {
    if (level === "critical") return "tell";
    const now = this.#clock.monotonicMs();
    const recent = (this.#told.get(source) ?? []).filter((time) => time > now - WINDOW_MS);
    this.#told.set(source, recent);
    if (recent.length >= this.perMinute) return "too-many";
    recent.push(now);
    return recent.length === this.perMinute ? "last" : "tell";
  }

  /** What is said when a source has told too much. */
  silence({ source }: NewAlert): NewAlert {
    const message = `${this.perMinute} alerts about ${source} within a minute: further ones are only kept, plotty alerts lists them`;
    return { level: "warning", source: "system", message };
  }

  /** Belongs in the transaction of the event that tells of it. */
  keep(id: string, alert: NewAlert): void {
    const now = this.#clock.wallMs();
    const key = keyOf(alert);
    const isNews = key === null && alert.level === "info"; // nothing that lasts, and nothing to do about it
    this.#database.sql
      .prepare(
        `INSERT INTO alerts (id, key, level, source, message, details, job_id, device_id, raised_ms, last_ms, count, cleared_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
      )
      .run(
        id,
        key,
        alert.level,
        alert.source,
        alert.message,
        JSON.stringify(alert.details ?? {}),
        alert.jobId ?? null,
        alert.deviceId ?? null,
        now,
        now,
        isNews ? now : null,
      );
    if (++this.#kept % PRUNE_EVERY === 0) this.#prune();
  }

  clear(key: string): void {
    this.#clearWhere("key = ?2", key);
  }

  /** All whose keys begin so. */
  clearBelow(prefix: string): void {
    this.#clearWhere("substr(key, 1, length(?2)) = ?2", prefix);
  }

  /** A job has gone on, or is gone: what was said of how it stood is over. */
  clearJob(jobId: string): void {
    this.#clearWhere("job_id = ?2 AND key LIKE 'job/%'", jobId);
  }

  /** A machine is well again. */
  clearDevice(deviceId: string): void {
    this.#clearWhere("device_id = ?2 AND key LIKE 'device/%'", deviceId);
  }

  #clearWhere(condition: string, value: string): void {
    this.#database.sql
      .prepare(`UPDATE alerts SET cleared_ms = ?1 WHERE cleared_ms IS NULL AND ${condition}`)
      .run(this.#clock.wallMs(), value);
  }

  #prune(): void {
    this.#database.sql
      .prepare("DELETE FROM alerts WHERE rowid <= (SELECT MAX(rowid) FROM alerts) - ?")
      .run(MOST_KEPT);
  }
}

/** How a job stands and what a machine lacks last until that changes; news without a subject do not last. */
function keyOf({ key, level, source, message, jobId, deviceId }: NewAlert): string | null {
  if (key !== undefined) return key;
  if (source !== "job" && source !== "device") return null;
  if (jobId !== undefined) return `job/${jobId}/${message}`;
  return deviceId !== undefined && level !== "info" ? `device/${deviceId}/${message}` : null;
}

function viewOf(row: Row): AlertView {
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    id: row.id,
    level: row.level,
    source: row.source,
    message: row.message,
    details: JSON.parse(row.details) as AlertView["details"],
    job_id: row.job_id,
    device_id: row.device_id,
    raised_at: at(row.raised_ms),
    last_at: at(row.last_ms),
    count: row.count,
    cleared_at: row.cleared_ms === null ? null : at(row.cleared_ms),
    acknowledged_at: row.acknowledged_ms === null ? null : at(row.acknowledged_ms),
  };
}

function readCursor(cursor: string): number {
  const serial = /^a(\d{1,15})$/.exec(cursor)?.[1];
  if (serial !== undefined) return Number(serial);
  throw new PlottyError(
    "request.invalid",
    "this cursor was not given by plotty: leave it out to start anew",
    {
      cursor,
    },
  );
}
