import { toPlottyError } from "../../shared/errors.ts";
import type { HookResults } from "../../shared/http-messages.ts";
import type { JobStateName } from "../../shared/job-states.ts";
import { LEVELS, type SystemAlert } from "../../shared/ws-messages.ts";
import type { NewAlert } from "../alert-book.ts";
import type { Config, HookEvent } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import type { HookService } from "../services.ts";
import { HookQueue } from "./hook-queue.ts";
import { type Hook, testHooks } from "./hook-test.ts";
import { alertValues, type HookValues, hookValues } from "./hook-values.ts";
import type { JobBook } from "./job-book.ts";
import type { JobRecord } from "./job-record.ts";
import { runHook } from "./run-hook.ts";
import type { WebhookOutbox } from "./webhook-outbox.ts";

export interface HooksOptions {
  /** Read at every event, so that a reload counts at once. */
  readonly config: Pick<Config, "hooks" | "alerts">;
  readonly book: JobBook;
  readonly webhooks: WebhookOutbox;
  readonly raise: (alert: NewAlert) => void;
  readonly log: Logger;
}

/** An event with what is to be run for it. */
interface Occasion {
  readonly event: HookEvent;
  /** The job, or the alert. */
  readonly subject: string;
  readonly hooks: readonly Hook[];
  readonly values: HookValues;
  /** Of the webhooks among `hooks`, in order: their numbers in the outbox. */
  readonly kept: readonly number[];
}

/** Time that hooks have to end by themselves when the daemon stops. */
const GRACE_MS = 1500;

/** Runs what the configuration has for each state a job enters and for alerts: in order, beside the plot and never in its way. */
export class HookExecutor implements HookService {
  readonly #options: HooksOptions;
  readonly #queue: HookQueue;
  readonly #closing = new AbortController();
  /** Webhooks of transitions that are on disk, until `entered` takes them up. */
  readonly #kept = new Map<string, readonly number[]>();

  constructor(options: HooksOptions) {
    this.#options = options;
    this.#queue = new HookQueue();
  }

  /** In the transaction of a job's transition: so none of its webhooks is lost, whatever ends the daemon. */
  keepWebhooks(job: JobRecord, from: JobStateName | null): void {
    const hooks = this.#hooksFor(job.state.name);
    const kept = this.#keep(job.state.name, job.id, hooks, "job_state_change", hookValues(job, from));
    if (kept.length > 0) this.#kept.set(job.id, kept);
  }

  /** A job has entered a state; it is on disk and told. */
  entered(job: JobRecord, from: JobStateName | null): void {
    const kept = this.#kept.get(job.id) ?? [];
    this.#kept.delete(job.id);
    const event = job.state.name;
    const values = hookValues(job, from);
    this.#enqueue({ event, subject: job.id, hooks: this.#hooksFor(event), values, kept });
  }

  /** An alert was told. One about a hook for alerts runs none, or they would go round for ever. */
  alerted(alert: SystemAlert): void {
    const { hook_level } = this.#options.config.alerts;
    const hooks = this.#hooksFor("ALERT");
    if (hooks.length === 0 || LEVELS.indexOf(alert.level) < LEVELS.indexOf(hook_level)) return;
    if (alert.source === "hook" && alert.details.state === "ALERT") return;
    const values = alertValues(alert);
    const kept = this.#keep("ALERT", alert.id, hooks, "system_alert", values);
    this.#enqueue({ event: "ALERT", subject: alert.id, hooks, values, kept });
  }

  test(event: HookEvent, jobId?: string): Promise<HookResults> {
    const job = jobId === undefined ? undefined : this.#options.book.get(jobId);
    return testHooks(event, this.#hooksFor(event), job, this.#closing.signal);
  }

  undelivered() {
    return this.#options.webhooks.list();
  }

  retry(id: number): Promise<void> {
    return this.#options.webhooks.retry(id);
  }

  drop(id: number): void {
    this.#options.webhooks.drop(id);
  }

  /** Lets what runs come to its end, within reason; webhooks go on with the next daemon. */
  async close(): Promise<void> {
    await this.#queue.drained(GRACE_MS);
    this.#closing.abort(new Error("the daemon stops"));
    await this.#queue.close();
    await this.#options.webhooks.close();
  }

  #hooksFor(event: HookEvent): readonly Hook[] {
    const hooks = this.#options.config.hooks[event] ?? [];
    return hooks.filter((hook) => hook.command ?? hook.script ?? hook.webhook);
  }

  #keep(
    event: HookEvent,
    subject: string,
    hooks: readonly Hook[],
    type: string,
    values: HookValues,
  ): number[] {
    const urls = hooks.flatMap(({ webhook }) => webhook ?? []);
    const timestamp = this.#options.book.publisher.now();
    const body = JSON.stringify({ type, timestamp, ...values });
    return urls.map((url) => this.#options.webhooks.add(event, subject, url, body));
  }

  /** Those of one job run one after the other, so that FAILED never overtakes RUNNING. */
  #enqueue(occasion: Occasion): void {
    if (occasion.hooks.length === 0) return;
    const { event, values } = occasion;
    const line = event === "ALERT" ? "ALERT" : (values.job_id ?? "");
    if (this.#queue.add(line, () => this.#runAll(occasion))) return;
    this.#failed(occasion, 0, "too many hooks wait already");
  }

  /** Whatever goes wrong here is told, and nothing else hangs on it. */
  async #runAll(occasion: Occasion): Promise<void> {
    try {
      await this.#run(occasion);
    } catch (error) {
      const { event, subject } = occasion;
      this.#options.log.error({ err: error, job: subject, state: event }, "hooks could not go on");
    }
  }

  async #run(occasion: Occasion): Promise<void> {
    const kept = [...occasion.kept];
    for (const [at, hook] of occasion.hooks.entries()) {
      if (hook.command !== undefined) await this.#runProcess(occasion, at, { command: hook.command });
      if (hook.script !== undefined) await this.#runProcess(occasion, at, { script: hook.script });
      const delivery = hook.webhook === undefined ? undefined : kept.shift();
      if (delivery !== undefined && !this.#closing.signal.aborted)
        await this.#options.webhooks.deliver(delivery);
    }
  }

  async #runProcess(
    occasion: Occasion,
    at: number,
    hook: { command?: string; script?: string },
  ): Promise<void> {
    const { event, subject, values } = occasion;
    if (this.#closing.signal.aborted) return;
    try {
      await runHook(hook, values, this.#closing.signal);
      this.#options.log.info({ job: subject, state: event }, "hook done");
      this.#works(event, at);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#failed(occasion, at, (error as Error).message);
    }
  }

  #works(event: HookEvent, at: number): void {
    try {
      this.#options.book.publisher.alerts.clearBelow(`hook/${event}/${at}/`);
    } catch (error) {
      const { message } = toPlottyError(error); // a full disk: the alert stays open until the next success
      this.#options.log.warn({ state: event }, `not kept that the hook works again: ${message}`);
    }
  }

  #failed({ event, subject, values }: Occasion, at: number, why: string): void {
    this.#options.log.warn({ job: subject, state: event }, `hook failed: ${why}`);
    this.#options.raise({
      key: `hook/${event}/${at}/${values.job_id}`,
      level: "warning",
      message: `the hook for ${event} of ${subject} failed: ${why}`,
      source: "hook",
      details: { state: event },
      ...(values.job_id && { jobId: values.job_id }),
    });
  }
}
