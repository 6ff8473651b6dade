import { PLAN_START, type PlanPosition } from "../../shared/plan.ts";
import type { Devices } from "../device/devices.ts";
import { readJournal } from "../device/journal.ts";
import { ProgressMeter } from "../device/progress.ts";
import { decodePlan } from "../motion/plan-codec.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";
import type { JobRecord } from "./job-record.ts";
import type { Planner } from "./planner.ts";

/**
 * After a start: jobs that were being drawn are paused where the journal says the board had come, none goes on by itself;
 * those not planned yet are planned.
 */
export function recoverJobs(book: JobBook, planner: Planner, devices: Devices, dataDir: string): void {
  for (const job of book.store.inStates("RUNNING")) pauseWhereItStopped(book, job, dataDir);
  for (const job of book.store.inStates("PAUSED")) {
    const machine = devices.all().find((each) => each.id === job.device);
    if (machine) machine.state.jobId = job.id;
  }
  for (const job of book.store.inStates("NEW", "PLANNING")) planner.plan(job.id);
}

function pauseWhereItStopped(book: JobBook, job: JobRecord, dataDir: string): void {
  const folder = new JobFolder(dataDir, job.id);
  const begunAt = job.state.name === "RUNNING" ? job.state.at : PLAN_START;
  const at = readJournal(folder.journalFile) ?? begunAt;
  const progress = progressAt(folder, at) ?? job.progress;
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
function progressAt(folder: JobFolder, at: PlanPosition): number | null {
  try {
    return new ProgressMeter(decodePlan(folder.plan())).report(at).progress;
  } catch {
    return null;
  }
}
