import type { HookEvent } from "../config-schema.ts";
import type { PlottyDatabase } from "../database.ts";

/** A webhook that its receiver has not taken yet. */
export interface Delivery {
  readonly id: number;
  readonly event: HookEvent;
  /** The job, or the alert. */
  readonly subject: string;
  readonly url: string;
  readonly body: string;
  readonly createdMs: number;
  readonly attempts: number;
  /** Not before this, wall clock. */
  readonly nextMs: number;
  /** Why the last attempt failed. */
  readonly error: string | null;
  /** Not tried again by itself. */
  readonly givenUpMs: number | null;
}

const COLUMNS = `id, state AS event, subject, url, body, created_ms AS createdMs, attempts, next_ms AS nextMs, error,
                 given_up_ms AS givenUpMs`;
/** Kept at most; those given up go first, then the oldest. */
const MOST_KEPT = 1000;

/** Undelivered webhooks in SQLite, oldest first. */
export class WebhookStore {
  readonly #database: PlottyDatabase;

  constructor(database: PlottyDatabase) {
    this.#database = database;
  }

  add(
    { event, subject, url, body }: Pick<Delivery, "event" | "subject" | "url" | "body">,
    nowMs: number,
  ): number {
    const { lastInsertRowid } = this.#database.sql
      .prepare(
        `INSERT INTO webhooks (state, subject, url, body, created_ms, attempts, next_ms) VALUES (?, ?, ?, ?, ?, 0, ?)`,
      )
      .run(event, subject, url, body, nowMs, nowMs);
    this.#prune();
    return Number(lastInsertRowid);
  }

  get(id: number): Delivery | undefined {
    return this.#all("WHERE id = ?", id)[0];
  }

  all(): Delivery[] {
    return this.#all("ORDER BY id");
  }

  /** The one that goes next to a receiver. */
  head(url: string): Delivery | undefined {
    return this.#all("WHERE url = ? AND given_up_ms IS NULL ORDER BY id LIMIT 1", url)[0];
  }

  /** The next one of every receiver. */
  heads(): Delivery[] {
    return this.#all("WHERE id IN (SELECT MIN(id) FROM webhooks WHERE given_up_ms IS NULL GROUP BY url)");
  }

  failed(id: number, attempts: number, nextMs: number, error: string, givenUpMs: number | null): void {
    this.#database.sql
      .prepare("UPDATE webhooks SET attempts = ?, next_ms = ?, error = ?, given_up_ms = ? WHERE id = ?")
      .run(attempts, nextMs, error, givenUpMs, id);
  }

  /** As if neither it nor those before it on their way to the same receiver had been tried. @returns whether there is such a one */
  reset(id: number, nowMs: number): boolean {
    const { changes } = this.#database.sql
      .prepare(
        `UPDATE webhooks SET attempts = 0, next_ms = ?1, given_up_ms = NULL
         WHERE id = ?2 OR (id < ?2 AND given_up_ms IS NULL AND url = (SELECT url FROM webhooks WHERE id = ?2))`,
      )
      .run(nowMs, id);
    return changes > 0;
  }

  remove(id: number): boolean {
    return this.#database.sql.prepare("DELETE FROM webhooks WHERE id = ?").run(id).changes > 0;
  }

  #prune(): void {
    this.#database.sql
      .prepare(
        `DELETE FROM webhooks WHERE id IN (
           SELECT id FROM webhooks ORDER BY given_up_ms IS NOT NULL, id DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MOST_KEPT);
  }

  #all(rest: string, ...values: (string | number)[]): Delivery[] {
    return this.#database.sql.prepare(`SELECT ${COLUMNS} FROM webhooks ${rest}`).all(...values) as Delivery[];
  }
}
