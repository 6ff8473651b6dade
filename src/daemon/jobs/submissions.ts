import { PlottyError } from "../../shared/errors.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { PlottyDatabase } from "../database.ts";
import type { SubmissionKey } from "../services.ts";

interface Row {
  readonly fingerprint: string;
  readonly answer: string;
}

/** Remembered submissions; the oldest is forgotten first, whatever the clock says. */
const MOST_KEPT = 5000;

/** What was submitted under which idempotency key: a client that does not know whether it was heard may ask again. */
export class Submissions {
  readonly #database: PlottyDatabase;

  constructor(database: PlottyDatabase) {
    this.#database = database;
  }

  /** The job as it was answered then; null for a new key. Throws `request.key-reused` when the key was for something else. */
  find({ key, fingerprint }: SubmissionKey): JobView | null {
    const row = this.#database.sql
      .prepare("SELECT fingerprint, answer FROM submissions WHERE key = ?")
      .get(key) as Row | undefined;
    if (!row) return null;
    if (row.fingerprint === fingerprint) return JSON.parse(row.answer) as JobView;
    throw new PlottyError(
      "request.key-reused",
      "this Idempotency-Key was used for another drawing or other options: use a new key for each job",
    );
  }

  /** Belongs in the transaction that creates the job. */
  keep({ key, fingerprint }: SubmissionKey, answer: JobView, atMs: number): void {
    this.#database.sql
      .prepare("INSERT INTO submissions (key, fingerprint, answer, at_ms) VALUES (?, ?, ?, ?)")
      .run(key, fingerprint, JSON.stringify(answer), atMs);
    this.#database.sql
      .prepare("DELETE FROM submissions WHERE rowid <= (SELECT MAX(rowid) FROM submissions) - ?")
      .run(MOST_KEPT);
  }
}
