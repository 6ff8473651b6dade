import { PlottyError } from "../../shared/errors.ts";
import { isFinished, isRefusal, nextJobState } from "../../shared/job-machine.ts";
import type { JobEvent, JobStateName } from "../../shared/job-states.ts";
import type { JobProgress, JobStateChange, JobView } from "../../shared/ws-messages.ts";
import type { Config } from "../config-schema.ts";
import type { PlottyDatabase } from "../database.ts";
import type { JobReport } from "../device/driver-messages.ts";
import type { Publisher } from "../publisher.ts";
import { expectedS, type JobRecord, jobView, type LiveJob } from "./job-record.ts";
import type { JobStore } from "./store.ts";

type Changes = Partial<Omit<JobRecord, "id" | "state" | "createdMs">>;
type Watcher = (job: JobRecord, from: JobStateName | null) => void;

/** The one place where a job changes: decides by the table, saves, and only then publishes. */
export class JobBook {
  readonly store: JobStore;
  readonly publisher: Publisher;
  readonly #database: PlottyDatabase;
  readonly #hooks: Config["hooks"];
  readonly #live = new Map<string, LiveJob & { progress: number }>();
  readonly #watchers = new Set<Watcher>();
  /** Saves what belongs to a transition, in its transaction. */
  #alongside: Watcher = () => {};

  constructor(database: PlottyDatabase, store: JobStore, publisher: Publisher, hooks: Config["hooks"]) {
    this.#database = database;
    this.store = store;
    this.publisher = publisher;
    this.#hooks = hooks;
  }

  get(id: string): JobRecord {
    const job = this.store.get(id);
    if (job) return job;
    throw new PlottyError("job.not-found", `no job "${id}": plotty list shows them all`, { job: id });
  }

  view(id: string): JobView {
    return this.viewOf(this.get(id));
  }

  viewOf(job: JobRecord): JobView {
    const live = this.#live.get(job.id);
    return jobView(live ? { ...job, progress: live.progress } : job, this.store.history(job.id), live);
  }

  /** @param alongside saves in the same transaction what belongs to the new job */
  create(job: JobRecord, alongside: () => void = () => {}): void {
    this.#publishChange(null, job, () => {
      this.store.save(job);
      alongside();
    });
    this.#tell(job, null);
  }

  /** Throws `job.refused-transition` when the table does not hold it. */
  transition(id: string, event: JobEvent, changes: Changes = {}): JobRecord {
    const before = this.get(id);
    const state = nextJobState(before.state, event);
    if (isRefusal(state)) {
      throw new PlottyError("job.refused-transition", `${id}: ${state.refused}`, {
        job: id,
        state: before.state.name,
      });
    }
    const live = this.#live.get(id);
    const now = this.publisher.clock.wallMs();
    const kept = { ...before, progress: live?.progress ?? before.progress, ...changes };
    const job: JobRecord = { ...kept, state, reason: event.reason, updatedMs: now };
    if (isFinished(state.name) || state.name === "QUEUED") this.#live.delete(id);
    this.#publishChange(before.state.name, job, () => this.store.save(job));
    this.#tell(job, before.state.name);
    return job;
  }

  /** Changes what is not state: nothing is published. */
  update(id: string, changes: Changes): JobRecord {
    const job: JobRecord = { ...this.get(id), ...changes, updatedMs: this.publisher.clock.wallMs() };
    this.#database.transaction(() => this.store.save(job));
    return job;
  }

  /** Where a job under way stands; kept in memory, told at once. */
  report(job: JobRecord, report: JobReport): void {
    const { layer, progress, remainingS, pointsPlotted } = report;
    this.#live.set(job.id, { layer, progress, remainingS });
    const progressEvent: JobProgress = {
      type: "job_progress",
      timestamp: this.publisher.now(),
      job_id: job.id,
      progress,
      current_layer: layer + 1,
      total_layers: Math.max(1, job.plan?.layers.length ?? 1),
      estimated_remaining: Math.ceil(remainingS * (job.plan?.timeFactor ?? 1)),
      metadata: { points_plotted: pointsPlotted, total_points: job.plan?.totals.points ?? 0 },
    };
    this.publisher.fleeting(progressEvent);
  }

  remove(id: string): void {
    this.#live.delete(id);
    const event = { type: "job_removed" as const, timestamp: this.publisher.now(), job_id: id };
    this.publisher.durable(event, () => this.store.remove(id));
  }

  /** Calls `watcher` after each transition, published or not. */
  watch(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  /** Calls `save` in the transaction of each transition: what it writes is on disk together with the new state, or not at all. */
  saveAlongside(save: Watcher): void {
    this.#alongside = save;
  }

  /** Resolves with the job once it is in one of these states. */
  waitFor(id: string, states: readonly JobStateName[], timeoutMs: number): Promise<JobRecord> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        cancel();
        this.#watchers.delete(watcher);
      };
      const watcher: Watcher = (job) => {
        if (job.id !== id || !states.includes(job.state.name)) return;
        settle();
        resolve(job);
      };
      const cancel = this.publisher.clock.after(timeoutMs, () => {
        settle();
        const seconds = timeoutMs / 1000;
        reject(
          new PlottyError("device.reply-timeout", `the machine did not stop ${id} within ${seconds} s`, {
            job: id,
          }),
        );
      });
      this.#watchers.add(watcher);
    });
  }

  #tell(job: JobRecord, from: JobStateName | null): void {
    for (const watcher of [...this.#watchers]) watcher(job, from);
  }

  #publishChange(from: JobStateName | null, job: JobRecord, save: () => void): void {
    const entry = { atMs: job.updatedMs, from, to: job.state.name, reason: job.reason };
    const change = () => {
      save();
      this.store.addHistory(job.id, entry);
      this.#alongside(job, from);
    };
    const isMuted = this.#hooks[job.state.name]?.some((hook) => hook.websocket === false) ?? false;
    if (isMuted) this.#database.transaction(change);
    else this.publisher.durable(this.#changeEvent(from, job), change);
  }

  #changeEvent(from: JobStateName | null, job: JobRecord): Omit<JobStateChange, "seq"> {
    const duration = job.plan ? expectedS(job.plan) : undefined;
    return {
      type: "job_state_change",
      timestamp: this.publisher.now(),
      job_id: job.id,
      from_state: from,
      to_state: job.state.name,
      reason: job.reason,
      metadata: {
        pen: job.plan?.layers[0]?.pen ?? job.options.pen ?? null,
        paper: job.options.paper?.toLowerCase() ?? null,
        estimated_time: duration === undefined ? null : Math.round(duration),
      },
      ...(job.state.name === "PAUSED" && job.state.byFault ? { level: "warning" as const } : {}),
    };
  }
}
