import { PlottyError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import { decodePlan } from "../motion/plan-codec.ts";
import type { JobPatch, JobQuery, JobService, JobUpload, SubmissionKey } from "../services.ts";
import { resolveSettings } from "../settings.ts";
import { type ChangeJobOptions, changeJob } from "./change-job.ts";
import { JobFolder } from "./job-folder.ts";
import { jobIdFor } from "./job-id.ts";
import type { JobRecord } from "./job-record.ts";
import { refused } from "./refused.ts";
import type { Submissions } from "./submissions.ts";

export interface JobServiceOptions extends ChangeJobOptions {
  readonly submissions: Submissions;
  readonly dataDir: string;
}

/** A brake, a lift and a way home: more than any pause or cancel takes. */
const STOP_MS = 15_000;

/** What people and programs may ask of the queue. */
export class Jobs implements JobService {
  readonly #options: JobServiceOptions;

  constructor(options: JobServiceOptions) {
    this.#options = options;
  }

  submit(upload: JobUpload): JobView {
    const { book, planner, devices, config, dataDir } = this.#options;
    const device = upload.device === undefined ? null : devices.machine(upload.device).id;
    resolveSettings(config, upload.options);
    // A folder without a row is of a database that was moved away: its drawing is not written over.
    const isTaken = (each: string) => book.store.has(each) || new JobFolder(dataDir, each).exists;
    const id = jobIdFor(upload.fileName, isTaken);
    const folder = new JobFolder(dataDir, id);
    if (upload.svg instanceof Uint8Array) folder.keepDrawing(upload.svg);
    else folder.takeDrawing(upload.svg.file);
    const now = book.publisher.clock.wallMs();
    const job: JobRecord = {
      id,
      name: upload.fileName,
      state: { name: "NEW" },
      reason: "Job added",
      createdMs: now,
      updatedMs: now,
      priority: upload.priority ?? 0,
      rank: book.store.nextRank(),
      hold: upload.hold ?? false,
      device,
      options: upload.options,
      plan: null,
      progress: 0,
      inked: false,
    };
    this.#create(job, upload.submission, folder);
    planner.plan(id);
    return book.view(id);
  }

  submitted(submission: SubmissionKey): JobView | null {
    const { book, submissions } = this.#options;
    const answered = submissions.find(submission);
    const now = answered && book.store.has(answered.id) ? book.view(answered.id) : null;
    return now?.created_at === answered?.created_at ? now : answered; // its id may be another job's by now
  }

  /** A job that cannot be kept leaves no folder behind. */
  #create(job: JobRecord, submission: SubmissionKey | undefined, folder: JobFolder): void {
    const { book, submissions } = this.#options;
    try {
      book.create(job, () => {
        if (submission) submissions.keep(submission, book.viewOf(job), job.createdMs);
      });
    } catch (error) {
      if (!book.store.has(job.id)) folder.remove();
      throw error;
    }
  }

  list(query: JobQuery): { jobs: JobView[]; nextCursor: string | null } {
    const { book } = this.#options;
    const before = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const found = book.store.page({ states: query.states, limit: query.limit + 1, before });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    const hasMore = found.length > page.length && last !== undefined;
    return {
      jobs: page.map(({ job }) => book.viewOf(job)),
      nextCursor: hasMore ? writeCursor(last.serial) : null,
    };
  }

  open(): JobView[] {
    const { book } = this.#options;
    return book.store.open().map((job) => book.viewOf(job));
  }

  get(id: string): JobView {
    return this.#options.book.view(id);
  }

  plan(id: string): MotionPlan {
    const { book, dataDir } = this.#options;
    const job = book.get(id);
    if (job.plan) return decodePlan(new JobFolder(dataDir, id).plan());
    throw new PlottyError(
      "job.refused-transition",
      `${id} has no plan: it is ${job.state.name} (${job.reason})`,
      {
        job: id,
      },
    );
  }

  async pause(id: string): Promise<JobView> {
    const { book, runner } = this.#options;
    const job = book.get(id);
    const machine = runner.machineDrawing(job);
    if (job.state.name !== "RUNNING" || !machine) {
      throw refused(job, "only a running job can be paused");
    }
    const stopped = book.waitFor(id, ["PAUSED", "COMPLETED", "FAILED", "CANCELLED"], STOP_MS);
    machine.pause("Paused on request");
    return book.viewOf(await stopped);
  }

  async resume(id: string): Promise<JobView> {
    const { book, runner } = this.#options;
    const job = book.get(id);
    switch (job.state.name) {
      case "PAUSED":
        runner.resume(job);
        break;
      case "QUEUED":
        if (!job.hold) throw refused(job, "there is nothing to resume");
        book.update(id, { hold: false });
        runner.dispatch();
        break;
      case "FAILED":
      case "CANCELLED": {
        const at = job.plan ? job.state.at : undefined;
        if (!at) return this.retry(id);
        book.transition(id, { type: "requeued", at, reason: "Queued to go on where it stopped" });
        runner.dispatch();
        break;
      }
      default:
        throw refused(job, "there is nothing to resume");
    }
    return book.view(id);
  }

  async cancel(id: string): Promise<JobView> {
    const { book, runner, planner } = this.#options;
    const job = book.get(id);
    const machine = runner.machineDrawing(job);
    if (job.state.name === "RUNNING" && machine) {
      const stopped = book.waitFor(id, ["COMPLETED", "FAILED", "CANCELLED", "PAUSED"], STOP_MS);
      machine.cancel("Cancelled on request");
      return book.viewOf(await stopped);
    }
    const cancelled = book.transition(id, { type: "cancelled", reason: "Cancelled on request" });
    planner.drop(id);
    runner.release(cancelled);
    return book.viewOf(cancelled);
  }

  async retry(id: string): Promise<JobView> {
    const { book, planner, runner } = this.#options;
    const job = book.get(id);
    if (job.plan) {
      book.transition(id, { type: "requeued", reason: "Queued again" }, { progress: 0, inked: false });
      runner.dispatch();
    } else {
      book.transition(id, { type: "requeued", reason: "Queued again" });
      planner.again(id);
    }
    return book.view(id);
  }

  async patch(id: string, patch: JobPatch): Promise<JobView> {
    return changeJob(this.#options, id, patch);
  }

  async remove(id: string): Promise<void> {
    const { book, planner, dataDir } = this.#options;
    const job = book.get(id);
    if (!isFinished(job.state.name)) {
      if (job.state.name === "RUNNING" || job.state.name === "PAUSED") {
        throw refused(job, "cancel it before it is removed");
      }
      await this.cancel(id);
      planner.drop(id);
    }
    book.remove(id);
    new JobFolder(dataDir, id).remove();
  }
}

function writeCursor(serial: number): string {
  return Buffer.from(`job ${serial}`).toString("base64url");
}

function readCursor(cursor: string): number {
  const serial = /^job (\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString())?.[1];
  if (serial !== undefined) return Number(serial);
  throw new PlottyError(
    "request.invalid",
    "this cursor was not given by plotty: leave it out to start anew",
    {
      cursor,
    },
  );
}
