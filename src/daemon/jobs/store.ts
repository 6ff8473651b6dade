import type { JobState, JobStateName } from "../../shared/job-states.ts";
import type { PlottyDatabase } from "../database.ts";
import type { HistoryEntry, JobRecord } from "./job-record.ts";

interface Row {
  serial: number;
  id: string;
  name: string;
  state_data: string;
  reason: string;
  created_ms: number;
  updated_ms: number;
  priority: number;
  rank: number;
  hold: number;
  device: string | null;
  options: string;
  plan: string | null;
  progress: number;
  inked: number;
}

interface HistoryRow {
  at_ms: number;
  from_state: JobStateName | null;
  to_state: JobStateName;
  reason: string;
}

export interface JobPage {
  readonly states?: readonly JobStateName[];
  readonly limit: number;
  /** Only jobs that were added before the one with this serial number. */
  readonly before?: number;
}

/** Jobs in SQLite. Nothing here decides; callers wrap what belongs together in `database.transaction`. */
export class JobStore {
  readonly #database: PlottyDatabase;

  constructor(database: PlottyDatabase) {
    this.#database = database;
  }

  /** Writes the whole record, new or changed. */
  save(job: JobRecord): void {
    this.#database.sql
      .prepare(
        `INSERT INTO jobs (id, name, state, state_data, reason, created_ms, updated_ms, priority, rank, hold, device,
                           options, plan, progress, inked)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, state_data = excluded.state_data,
           reason = excluded.reason, updated_ms = excluded.updated_ms, priority = excluded.priority, rank = excluded.rank,
           hold = excluded.hold, device = excluded.device, options = excluded.options, plan = excluded.plan,
           progress = excluded.progress, inked = excluded.inked`,
      )
      .run(
        job.id,
        job.name,
        job.state.name,
        JSON.stringify(job.state),
        job.reason,
        job.createdMs,
        job.updatedMs,
        job.priority,
        job.rank,
        job.hold ? 1 : 0,
        job.device,
        JSON.stringify(job.options),
        job.plan ? JSON.stringify(job.plan) : null,
        job.progress,
        job.inked ? 1 : 0,
      );
  }

  get(id: string): JobRecord | undefined {
    const row = this.#database.sql.prepare("SELECT * FROM jobs WHERE id = ?").get(id) as Row | undefined;
    return row && toRecord(row);
  }

  has(id: string): boolean {
    return this.#database.sql.prepare("SELECT 1 FROM jobs WHERE id = ?").get(id) !== undefined;
  }

  /** Newest first, by the order in which they were added: the clock may have been set meanwhile. */
  page({ states, limit, before }: JobPage): { job: JobRecord; serial: number }[] {
    const where: string[] = [];
    const values: (string | number)[] = [];
    if (states) {
      where.push(`state IN (${states.map(() => "?").join(", ")})`);
      values.push(...states);
    }
    if (before !== undefined) {
      where.push("rowid < ?");
      values.push(before);
    }
    const condition = where.length > 0 ? `WHERE ${where.join(" AND ")}` : "";
    const rows = this.#rows(`${condition} ORDER BY rowid DESC LIMIT ?`, ...values, limit);
    return rows.map((row) => ({ job: toRecord(row), serial: row.serial }));
  }

  /** Jobs that have not ended, oldest first. */
  open(): JobRecord[] {
    return this.#rows("WHERE state NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') ORDER BY rowid").map(toRecord);
  }

  /** Jobs in these states in the order in which they would be drawn. */
  inStates(...states: JobStateName[]): JobRecord[] {
    const marks = states.map(() => "?").join(", ");
    return this.#all(`WHERE state IN (${marks}) ORDER BY priority DESC, rank`, ...states);
  }

  count(...states: JobStateName[]): number {
    const marks = states.map(() => "?").join(", ");
    const row = this.#database.sql
      .prepare(`SELECT COUNT(*) AS n FROM jobs WHERE state IN (${marks})`)
      .get(...states) as { n: number };
    return row.n;
  }

  remove(id: string): void {
    this.#database.sql.prepare("DELETE FROM jobs WHERE id = ?").run(id);
  }

  /** One more than the highest rank: behind all others. */
  nextRank(): number {
    const row = this.#database.sql.prepare("SELECT COALESCE(MAX(rank), 0) + 1 AS next FROM jobs").get() as {
      next: number;
    };
    return row.next;
  }

  addHistory(id: string, entry: HistoryEntry): void {
    this.#database.sql
      .prepare("INSERT INTO history (job_id, at_ms, from_state, to_state, reason) VALUES (?, ?, ?, ?, ?)")
      .run(id, entry.atMs, entry.from, entry.to, entry.reason);
  }

  history(id: string): HistoryEntry[] {
    const rows = this.#database.sql
      .prepare("SELECT at_ms, from_state, to_state, reason FROM history WHERE job_id = ? ORDER BY rowid")
      .all(id) as HistoryRow[];
    return rows.map((row) => ({
      atMs: row.at_ms,
      from: row.from_state,
      to: row.to_state,
      reason: row.reason,
    }));
  }

  /** The ended jobs beyond the `keep` that ended last, whatever the clock said then; oldest first. */
  surplus(keep: number): string[] {
    const rows = this.#database.sql
      .prepare(
        `SELECT id FROM jobs WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED')
         ORDER BY (SELECT MAX(rowid) FROM history WHERE job_id = jobs.id) DESC LIMIT -1 OFFSET ?`,
      )
      .all(keep) as { id: string }[];
    return rows.map((row) => row.id).reverse();
  }

  #all(rest: string, ...values: (string | number)[]): JobRecord[] {
    return this.#rows(rest, ...values).map(toRecord);
  }

  #rows(rest: string, ...values: (string | number)[]): Row[] {
    return this.#database.sql.prepare(`SELECT rowid AS serial, * FROM jobs ${rest}`).all(...values) as Row[];
  }
}

function toRecord(row: Row): JobRecord {
  return {
    id: row.id,
    name: row.name,
    state: JSON.parse(row.state_data) as JobState,
    reason: row.reason,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
    priority: row.priority,
    rank: row.rank,
    hold: row.hold === 1,
    device: row.device,
    options: JSON.parse(row.options) as JobRecord["options"],
    plan: row.plan === null ? null : (JSON.parse(row.plan) as JobRecord["plan"]),
    progress: row.progress,
    inked: row.inked === 1,
  };
}
