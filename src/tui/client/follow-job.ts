import { isFinished } from "../../shared/job-machine.ts";
import type {
  JobProgress,
  JobStateChange,
  JobView,
  ServerFrame,
  SystemAlert,
} from "../../shared/ws-messages.ts";
import type { Api } from "./api.ts";
import { Connection, type Link } from "./connection.ts";
import { whenAborted } from "./when-aborted.ts";

/** Hears what happens to one job, in order. */
export interface JobTeller {
  changed(change: JobStateChange): void;
  progressed(progress: JobProgress): void;
  alerted(alert: SystemAlert): void;
  /** Something was left out, mended or read otherwise than the author may expect; each note once. */
  noted(note: string): void;
  linked(link: Link): void;
}

export interface FollowedJob {
  /** Makes the job. */
  submit(): Promise<JobView>;
  /** Called once, when it is planned and can be drawn; when this fails, nothing more is followed. */
  planned?(): Promise<void>;
}

/**
 * Subscribes, lets `submit` make the job, and tells of it until it has ended. Subscribed first, so that nothing of a
 * short job is missed; through restarts of the daemon, because the connection comes back with `since`.
 *
 * @returns the job as it ended
 */
export async function followJob(
  api: Api,
  followed: FollowedJob,
  teller: JobTeller,
  signal: AbortSignal,
): Promise<JobView> {
  const follower = new JobFollower(api, teller, followed.planned);
  const stopListening = whenAborted(signal, () => follower.fail(signal.reason));
  try {
    await follower.subscribed;
    await follower.take(await followed.submit());
    await follower.ended;
    return await follower.finalView();
  } finally {
    stopListening();
    follower.close();
  }
}

class JobFollower {
  readonly subscribed: Promise<void>;
  readonly ended: Promise<void>;
  readonly #api: Api;
  readonly #teller: JobTeller;
  readonly #connection: Connection;
  readonly #toldNotes = new Set<string>();
  /** Frames from before the job's id was known. */
  #early: ServerFrame[] = [];
  #id: string | undefined;
  #planned: FollowedJob["planned"];
  #onSubscribed: () => void = () => {};
  #onEnded: () => void = () => {};
  #onFailed: (reason: unknown) => void = () => {};

  constructor(api: Api, teller: JobTeller, planned: FollowedJob["planned"]) {
    this.#planned = planned;
    this.#api = api;
    this.#teller = teller;
    const failed = new Promise<never>((_, reject) => {
      this.#onFailed = reject;
    });
    failed.catch(() => {}); // whoever awaits one of the two below hears of it
    this.subscribed = Promise.race([new Promise<void>((resolve) => (this.#onSubscribed = resolve)), failed]);
    this.ended = Promise.race([new Promise<void>((resolve) => (this.#onEnded = resolve)), failed]);
    this.ended.catch(() => {});
    this.#connection = new Connection({
      address: api.address,
      channels: ["jobs", "system"],
      snapshot: "never",
      onFrame: (frame) => this.#receive(frame),
      onLink: (link) => this.#linked(link),
    });
  }

  async take(job: JobView): Promise<void> {
    this.#id = job.id;
    const early = this.#early;
    this.#early = [];
    for (const frame of early) this.#receive(frame);
  }

  async finalView(): Promise<JobView> {
    const job = await this.#api.job(this.#id!);
    this.#tellNotes(job);
    return job;
  }

  fail(reason: unknown): void {
    this.#onFailed(reason);
  }

  close(): void {
    this.#connection.close();
  }

  #linked(link: Link): void {
    this.#teller.linked(link);
    if (link.state === "live") this.#onSubscribed();
    if (link.state === "refused") this.#onFailed(link.error);
  }

  #receive(frame: ServerFrame): void {
    if (this.#id === undefined) {
      if ("job_id" in frame) this.#early.push(frame);
      return;
    }
    if (frame.type === "gap") void this.#look();
    if (!("job_id" in frame) || frame.job_id !== this.#id) return;
    if (frame.type === "job_progress") this.#teller.progressed(frame);
    else if (frame.type === "system_alert") this.#teller.alerted(frame);
    else if (frame.type === "job_removed") this.#onEnded();
    else if (frame.type === "job_state_change") {
      this.#teller.changed(frame);
      if (isFinished(frame.to_state)) this.#onEnded();
      else if (frame.to_state === "QUEUED") void this.#look();
    }
  }

  /** Asks for the job itself: for its notes, and for an end that fell into a gap. */
  async #look(): Promise<void> {
    try {
      const job = await this.#api.job(this.#id!);
      this.#tellNotes(job);
      if (isFinished(job.state)) this.#onEnded();
      else if (job.state === "QUEUED") await this.#tellPlanned();
    } catch (error) {
      this.#onFailed(error);
    }
  }

  async #tellPlanned(): Promise<void> {
    const planned = this.#planned;
    this.#planned = undefined;
    await planned?.();
  }

  #tellNotes(job: JobView): void {
    for (const note of job.notes) {
      if (this.#toldNotes.has(note)) continue;
      this.#toldNotes.add(note);
      this.#teller.noted(note);
    }
  }
}
