import type { Config } from "../config-schema.ts";
import type { PlottyDatabase } from "../database.ts";
import type { JobReport } from "../device/driver-messages.ts";

/** What one pen has drawn. */
export interface PenWear {
  readonly pen: string;
  /** In its life, and since it was last changed. */
  readonly metres: number;
  readonly metresSinceChange: number;
  readonly lifts: number;
}

interface Row {
  pen: string;
  mm: number;
  mm_since_change: number;
  lifts: number;
}

interface Mark {
  readonly inkMm: number;
  readonly strokes: number;
}

const SAVE_EVERY_MM = 500;

/** Counts metres and lifts of every pen, so that a worn one is changed before it shows. */
export class Odometer {
  readonly #database: PlottyDatabase;
  readonly #pens: Config["pens"];
  readonly #marks = new Map<string, Mark>();
  readonly #unsaved = new Map<string, Mark>();

  constructor(database: PlottyDatabase, pens: Config["pens"]) {
    this.#database = database;
    this.#pens = pens;
  }

  /** A run of a job begins; its next report is where counting starts. */
  begin(jobId: string): void {
    this.#marks.delete(jobId);
  }

  /** Adds what was drawn since this job's last report. @returns mm of it */
  note(jobId: string, pen: string, { inkMm, strokes }: JobReport): number {
    const before = this.#marks.get(jobId) ?? { inkMm, strokes };
    const drawnMm = Math.max(0, inkMm - before.inkMm);
    this.#marks.set(jobId, { inkMm, strokes });
    const waiting = this.#unsaved.get(pen) ?? { inkMm: 0, strokes: 0 };
    const sum = {
      inkMm: waiting.inkMm + drawnMm,
      strokes: waiting.strokes + Math.max(0, strokes - before.strokes),
    };
    this.#unsaved.set(pen, sum);
    if (sum.inkMm >= SAVE_EVERY_MM) this.save();
    return drawnMm;
  }

  /** Writes what has been counted; called at every end of a run. */
  save(): void {
    if (this.#unsaved.size === 0) return;
    const add = this.#database.sql.prepare(
      `INSERT INTO pens (pen, mm, mm_since_change, lifts) VALUES (?, ?, ?, ?) ON CONFLICT (pen) DO UPDATE SET
         mm = mm + excluded.mm, mm_since_change = mm_since_change + excluded.mm_since_change,
         lifts = lifts + excluded.lifts`,
    );
    this.#database.transaction(() => {
      for (const [pen, { inkMm, strokes }] of this.#unsaved) add.run(pen, inkMm, inkMm, strokes);
    });
    this.#unsaved.clear();
  }

  /** A new pen, or a filled one, was put in. */
  changed(pen: string): void {
    this.save();
    this.#database.sql.prepare("UPDATE pens SET mm_since_change = 0 WHERE pen = ?").run(pen);
  }

  wear(): PenWear[] {
    this.save();
    const rows = this.#database.sql.prepare("SELECT * FROM pens ORDER BY pen").all() as Row[];
    return rows.map((row) => ({
      pen: row.pen,
      metres: row.mm / 1000,
      metresSinceChange: row.mm_since_change / 1000,
      lifts: row.lifts,
    }));
  }

  /** For each pen with `max_metres`: how much it may still draw, mm. */
  inkLeftMm(): Record<string, number> {
    const drawn = new Map(this.wear().map((wear) => [wear.pen, wear.metresSinceChange * 1000]));
    const limited = Object.entries(this.#pens).filter(([, pen]) => pen.max_metres !== null);
    return Object.fromEntries(
      limited.map(([name, pen]) => [name, pen.max_metres! * 1000 - (drawn.get(name) ?? 0)]),
    );
  }
}
