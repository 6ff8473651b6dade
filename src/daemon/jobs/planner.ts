import { toPlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import { resolveSettings } from "../settings.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import { PreparePool } from "./prepare-pool.ts";

export interface PlannerOptions {
  readonly book: JobBook;
  readonly config: Config;
  readonly dataDir: string;
  /** The model of the machine a job was asked for, or of the first. */
  readonly modelFor: (device: string | null) => string;
  /** How many times longer than planned that machine takes. */
  readonly timeFactorFor: (device: string | null) => number;
  readonly log: Logger;
  /** A job has come to the queue. */
  readonly onQueued: () => void;
}

/** Takes jobs from NEW through PLANNING to QUEUED, or to FAILED with what is wrong with the drawing. */
export class Planner {
  readonly #options: PlannerOptions;
  readonly #pool = new PreparePool();
  readonly #planning = new Map<string, AbortController>();
  #isClosed = false;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** The job is NEW, or PLANNING since a daemon before this one. */
  plan(id: string): void {
    const { book, log } = this.#options;
    const job = book.get(id);
    const taken =
      job.state.name === "PLANNING" ? job : book.transition(id, { type: "planStarted", reason: "Planning" });
    const abort = new AbortController();
    this.#planning.set(id, abort);
    void this.#run(taken, abort.signal).catch((error: unknown) =>
      log.error({ err: error, job: id }, "planning failed"),
    );
  }

  /** Options were changed: the plan is made anew. */
  again(id: string): void {
    this.#options.book.transition(id, { type: "optionsChanged", reason: "Options changed" });
    this.plan(id);
  }

  /** The job was cancelled or removed. */
  drop(id: string): void {
    this.#planning.get(id)?.abort(new Error("cancelled"));
    this.#planning.delete(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.close();
  }

  async #run(job: JobRecord, signal: AbortSignal): Promise<void> {
    const { book, config, dataDir, modelFor, timeFactorFor, onQueued } = this.#options;
    const folder = new JobFolder(dataDir, job.id);
    try {
      const model = modelFor(job.device);
      const settings = resolveSettings(config, job.options, model);
      const request = { svg: folder.drawing(), settings, planFile: folder.planFile };
      const plan = await this.#pool.prepare(request, signal);
      if (signal.aborted || this.#isClosed) return;
      const minutes = (plan.totals.durationS / 60).toFixed(1);
      const { lifts } = plan.totals;
      const reason = `Planned: ${lifts} ${lifts === 1 ? "stroke" : "strokes"}, ${minutes} min`;
      book.transition(
        job.id,
        { type: "planned", reason },
        { plan: { ...plan, model, timeFactor: timeFactorFor(job.device) }, progress: 0, inked: false },
      );
    } catch (thrown) {
      if (signal.aborted || this.#isClosed) return;
      const error = toPlottyError(thrown).toBody();
      book.transition(job.id, { type: "failed", error, reason: error.message });
    } finally {
      if (this.#planning.get(job.id)?.signal === signal) this.#planning.delete(job.id);
    }
    onQueued();
  }
}
