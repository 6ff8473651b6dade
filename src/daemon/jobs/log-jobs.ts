import type { JobStateName } from "../../shared/job-states.ts";
import type { Log } from "../log.ts";
import type { JobBook } from "./job-book.ts";
import type { JobRecord } from "./job-record.ts";

/** A line for each transition, plan and run of a job, in the module it belongs to, all with the job's id as `job`. */
export function logJobs(book: JobBook, log: Log): void {
  const [jobs, plans, devices] = ["plotty.jobs", "plotty.plan", "plotty.device"].map((name) =>
    log.module(name),
  );
  book.watch((job, from) => {
    const to = job.state.name;
    const level = to === "FAILED" || isFault(job) ? "warn" : "info";
    jobs![level]({ job: job.id, from, to }, job.reason);
    if (from === "PLANNING" && to === "QUEUED") plans!.info(planFacts(job), "planned");
    if (to === "RUNNING") devices!.info({ job: job.id, device: job.device }, "drawing");
    if (from === "RUNNING") devices!.info({ job: job.id, device: job.device, to }, wordFor(to));
  });
}

function planFacts({ id, plan }: JobRecord): Record<string, unknown> {
  const { durationS = 0, inkMm = 0, lifts = 0 } = plan?.totals ?? {};
  const rounded = { duration_s: Math.round(durationS), ink_mm: Math.round(inkMm), strokes: lifts };
  return {
    job: id,
    ...rounded,
    model: plan?.model,
    plan: plan?.hash.slice(0, 12),
    notes: plan?.notes.length,
  };
}

function isFault({ state }: JobRecord): boolean {
  return state.name === "PAUSED" && state.byFault;
}

function wordFor(to: JobStateName): string {
  return to === "COMPLETED" ? "drawn to the end" : "stopped drawing";
}
