import { PLAN_START, type PlanPosition } from "../../shared/plan.ts";
import type { Devices } from "../device/devices.ts";
import { readJournal } from "../device/journal.ts";
import { openPlan } from "../device/plan-file.ts";
import { progressAt } from "../device/progress.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import type { Planner } from "./planner.ts";
import type { JobStore } from "./store.ts";

/** A job that was being drawn when a former daemon was ended, and where the journal says the board had come. */
export interface Interrupted {
  readonly job: JobRecord;
  readonly at: PlanPosition;
  readonly progress: number;
}

/** Looks before anyone can ask for anything; changes nothing. */
export function findInterrupted(store: JobStore, dataDir: string): Promise<Interrupted[]> {
  return Promise.all(store.inStates("RUNNING").map((job) => whereItStopped(job, dataDir)));
}

/** After a start: jobs that were being drawn are paused, none goes on by itself; those not planned yet are planned. */
export function recoverJobs(
  book: JobBook,
  planner: Planner,
  devices: Devices,
  interrupted: readonly Interrupted[],
): void {
  for (const each of interrupted) pause(book, each);
  for (const job of book.store.inStates("PAUSED")) {
    const machine = devices.all().find((each) => each.id === job.device);
    if (machine) machine.state.jobId = job.id;
  }
  for (const job of book.store.inStates("NEW", "PLANNING")) planner.plan(job.id);
}

async function whereItStopped(job: JobRecord, dataDir: string): Promise<Interrupted> {
  const folder = new JobFolder(dataDir, job.id);
  const begunAt = job.state.name === "RUNNING" ? (job.state.at ?? PLAN_START) : PLAN_START;
  const at = readJournal(folder.journalFile) ?? begunAt;
  return { job, at, progress: (await shareDone(folder, at)) ?? job.progress };
}

function pause(book: JobBook, { job, at, progress }: Interrupted): void {
  const reason = "the daemon was ended while it was drawn";
  book.transition(job.id, { type: "paused", at, byFault: true, reason }, { progress });
  book.publisher.alert({
    level: "warning",
    message: `${job.id} was interrupted at ${Math.floor(progress * 100)} %: plotty resume ${job.id} goes on where it stopped`,
    source: "job",
    jobId: job.id,
    ...(job.device ? { deviceId: job.device } : {}),
  });
}

/** @returns null when the plan cannot be read: a resume will say so, the start must not fail over it */
async function shareDone(folder: JobFolder, at: PlanPosition): Promise<number | null> {
  try {
    const plan = await openPlan(folder.planFile, false);
    return await progressAt(plan, at)
      .then(({ progress }) => progress)
      .finally(() => plan.close());
  } catch {
    return null;
  }
}
