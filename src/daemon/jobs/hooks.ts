import type { JobStateName } from "../../shared/job-states.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import type { Publisher } from "../publisher.ts";
import { type HookValues, hookValues } from "./hook-values.ts";
import type { JobRecord } from "./job-record.ts";
import { type Hook, runHook } from "./run-hook.ts";

const MOST_AT_ONCE = 4;
const MOST_WAITING = 1000;

interface Waiting {
  readonly hooks: readonly Hook[];
  readonly values: HookValues;
}

/** Runs what the configuration has for each state a job enters: in order, beside the plot and never in its way. */
export class HookExecutor {
  readonly #hooks: Config["hooks"];
  readonly #publisher: Publisher;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #waiting: Waiting[] = [];
  readonly #busyJobs = new Set<string>();
  readonly #running = new Set<Promise<void>>();

  constructor(hooks: Config["hooks"], publisher: Publisher, log: Logger) {
    this.#hooks = hooks;
    this.#publisher = publisher;
    this.#log = log;
  }

  /** A job has entered a state; it is on disk and told. */
  entered(job: JobRecord, from: JobStateName | null): void {
    const hooks = this.#hooks[job.state.name]?.filter((hook) => hook.command ?? hook.script ?? hook.webhook);
    if (!hooks || hooks.length === 0) return;
    const values = hookValues(job, from);
    if (this.#waiting.length >= MOST_WAITING)
      return this.#failed(values, `more than ${MOST_WAITING} wait already`);
    this.#waiting.push({ hooks, values });
    this.#next();
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    this.#closing.abort(new Error("the daemon stops"));
    await Promise.all(this.#running);
  }

  /** Those of one job run one after the other, so that FAILED never overtakes RUNNING. */
  #next(): void {
    if (this.#running.size >= MOST_AT_ONCE) return;
    const index = this.#waiting.findIndex(({ values }) => !this.#busyJobs.has(values.job_id));
    if (index < 0) return;
    const [next] = this.#waiting.splice(index, 1);
    const { job_id } = next!.values;
    this.#busyJobs.add(job_id);
    const run = this.#run(next!).finally(() => {
      this.#busyJobs.delete(job_id);
      this.#running.delete(run);
      this.#next();
    });
    this.#running.add(run);
    this.#next();
  }

  async #run({ hooks, values }: Waiting): Promise<void> {
    for (const hook of hooks) {
      try {
        await runHook(hook, values, this.#closing.signal);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#failed(values, (error as Error).message);
      }
    }
  }

  #failed(values: HookValues, why: string): void {
    const { job_id, to_state } = values;
    this.#log.warn({ job: job_id, state: to_state }, `hook failed: ${why}`);
    this.#publisher.alert({
      level: "warning",
      message: `the hook for ${to_state} of ${job_id} failed: ${why}`,
      source: "hook",
      jobId: job_id,
      details: { state: to_state },
    });
  }
}
