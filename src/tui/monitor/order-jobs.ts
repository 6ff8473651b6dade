import { isFinished } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";

/** What is drawn now, then what waits in its order, then what has ended, the latest first. */
export function orderJobs(jobs: Iterable<JobView>, only: string | undefined): JobView[] {
  const wanted = [...jobs].filter(({ id }) => only === undefined || id === only);
  return wanted.sort((a, b) => rank(a) - rank(b) || (rank(a) === 2 ? latestFirst(a, b) : 0));
}

function rank({ state }: JobView): number {
  if (state === "RUNNING" || state === "PAUSED") return 0;
  return isFinished(state) ? 2 : 1;
}

function latestFirst(a: JobView, b: JobView): number {
  return Date.parse(b.updated_at) - Date.parse(a.updated_at);
}
