import { readFileSync } from "node:fs";
import type { JobPatch, JobQuery, JobService, JobUpload, SubmissionKey } from "../../src/daemon/services.ts";
import { PlottyError } from "../../src/shared/errors.ts";
import { canTransition, isFinished } from "../../src/shared/job-machine.ts";
import type { JobStateName } from "../../src/shared/job-states.ts";
import type { MotionPlan } from "../../src/shared/plan.ts";
import type { JobView } from "../../src/shared/ws-messages.ts";
import { jobView } from "../support/views.ts";

/** A job queue in memory that keeps to the contract's table; it plans and draws nothing. */
export class MemoryJobs implements JobService {
  readonly all = new Map<string, JobView>();
  /** With the drawing itself, also where it came as a file. */
  readonly uploads: (JobUpload & { svg: Uint8Array })[] = [];
  readonly #submitted = new Map<string, { fingerprint: string; id: string }>();
  readonly patches: JobPatch[] = [];
  readonly plans = new Map<string, MotionPlan>();

  submit(upload: JobUpload): JobView {
    const svg = upload.svg instanceof Uint8Array ? upload.svg : readFileSync(upload.svg.file);
    this.uploads.push({ ...upload, svg });
    const job = jobView(upload.fileName.replace(/\.svg$/, ""), { state: "NEW" });
    this.all.set(job.id, job);
    const { submission } = upload;
    if (submission) this.#submitted.set(submission.key, { ...submission, id: job.id });
    return job;
  }

  submitted({ key, fingerprint }: SubmissionKey): JobView | null {
    const found = this.#submitted.get(key);
    if (found && found.fingerprint !== fingerprint)
      throw new PlottyError("request.key-reused", "used for another");
    return found ? this.get(found.id) : null;
  }

  list({ states, limit, cursor }: JobQuery) {
    const from = cursor === undefined ? 0 : Number(cursor);
    const found = [...this.all.values()].filter((job) => !states || states.includes(job.state));
    const jobs = found.slice(from, from + limit);
    return { jobs, nextCursor: from + limit < found.length ? String(from + limit) : null };
  }

  open(): JobView[] {
    return [...this.all.values()].filter((job) => !isFinished(job.state));
  }

  get(id: string): JobView {
    const job = this.all.get(id);
    if (!job) throw new PlottyError("job.not-found", `no job ${id}`, { id });
    return job;
  }

  plan(id: string): MotionPlan {
    this.get(id);
    const plan = this.plans.get(id);
    if (!plan) throw new PlottyError("job.refused-transition", `job ${id} has no plan yet`, { id });
    return plan;
  }

  pause = async (id: string) => this.#to(id, "PAUSED");
  resume = async (id: string) => this.#to(id, "RUNNING");
  cancel = async (id: string) => this.#to(id, "CANCELLED");
  retry = async (id: string) => this.#to(id, "QUEUED");

  async patch(id: string, patch: JobPatch): Promise<JobView> {
    this.patches.push(patch);
    const { name, priority } = patch;
    const job = {
      ...this.get(id),
      ...(name ? { name } : {}),
      ...(priority === undefined ? {} : { priority }),
    };
    this.all.set(id, job);
    return job;
  }

  async remove(id: string): Promise<void> {
    this.get(id);
    this.all.delete(id);
  }

  #to(id: string, state: JobStateName): JobView {
    const job = this.get(id);
    if (!canTransition(job.state, state)) {
      throw new PlottyError(
        "job.refused-transition",
        `job ${id} is ${job.state} and cannot become ${state}`,
        { id },
      );
    }
    const next = { ...job, state };
    this.all.set(id, next);
    return next;
  }
}
