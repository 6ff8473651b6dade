import { toPlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Machine } from "../device/machine.ts";
import { MODELS } from "../device/models.ts";
import type { Logger } from "../log.ts";
import { resolveSettings } from "../settings.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import type { PlanTarget } from "./machine-choice.ts";
import { PreparePool } from "./prepare-pool.ts";
import type { PrepareRequest } from "./prepare-worker.ts";

export interface PlannerOptions {
  readonly book: JobBook;
  readonly config: Config;
  readonly dataDir: string;
  /** What a job asked for this machine, or for none, can be planned for, the best first. */
  readonly targetsFor: (device: string | null) => readonly PlanTarget[];
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

  /**
   * The job is NEW, or PLANNING since a daemon before this one.
   *
   * @param target what it is planned for; missing: the first that draws it whole
   */
  plan(id: string, target?: PlanTarget): void {
    const { book, log } = this.#options;
    const job = book.get(id);
    const taken =
      job.state.name === "PLANNING" ? job : book.transition(id, { type: "planStarted", reason: "Planning" });
    const abort = new AbortController();
    this.#planning.set(id, abort);
    void this.#run(taken, abort.signal, target).catch((error: unknown) =>
      log.error({ err: error, job: id }, "planning failed"),
    );
  }

  /** Options were changed: the plan is made anew. */
  again(id: string): void {
    this.#options.book.transition(id, { type: "optionsChanged", reason: "Options changed" });
    this.plan(id);
  }

  /** A machine of another model is to draw it: the plan is made anew for that one. */
  againFor(id: string, { id: device, state }: Machine): void {
    this.#options.book.transition(id, { type: "optionsChanged", reason: `Planned anew for ${device}` });
    this.plan(id, { model: state.device.model, timeFactor: state.timeFactor });
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

  async #run(job: JobRecord, signal: AbortSignal, target?: PlanTarget): Promise<void> {
    const { book, dataDir, targetsFor, onQueued } = this.#options;
    const folder = new JobFolder(dataDir, job.id);
    try {
      const targets = target ? [target] : targetsFor(job.device);
      const request = {
        drawingFile: folder.drawingFile,
        planFile: folder.planFile,
        ...this.#choices(job, targets),
      };
      const plan = await this.#pool.prepare(request, signal);
      if (signal.aborted || this.#isClosed) return;
      const minutes = (plan.totals.durationS / 60).toFixed(1);
      const { lifts } = plan.totals;
      const reason = `Planned: ${lifts} ${lifts === 1 ? "stroke" : "strokes"}, ${minutes} min`;
      book.transition(
        job.id,
        { type: "planned", reason },
        { plan: { ...plan, timeFactor: timeFactorOf(plan.model, targets) }, progress: 0, inked: false },
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

  /** A drawing that is to fill whatever the machine reaches has another size on each, so it stays with the first. */
  #choices(
    { options }: JobRecord,
    targets: readonly PlanTarget[],
  ): Pick<PrepareRequest, "choices" | "pages"> {
    const { config } = this.#options;
    const choiceOf = (model: string) => ({ model, settings: resolveSettings(config, options, model) });
    const isOfMachinesSize = options.fit === "page" && options.paper === undefined;
    if (isOfMachinesSize) return { choices: [choiceOf(targets[0]!.model)], pages: [] };
    const pages = Object.keys(MODELS).map((model) => ({ model, page: choiceOf(model).settings.page }));
    return { choices: targets.map(({ model }) => choiceOf(model)), pages };
  }
}

function timeFactorOf(planned: string, targets: readonly PlanTarget[]): number {
  return targets.find(({ model }) => model === planned)?.timeFactor ?? 1;
}
