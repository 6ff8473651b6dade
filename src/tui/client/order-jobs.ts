import { isFinished, isWaiting } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";

/** What is drawn now, then what waits in the order in which it will be drawn, then what has ended, the latest first. */
export function orderJobs(jobs: Iterable<JobView>): JobView[] {
  const all = [...jobs];
  const ended = all.filter(({ state }) => isFinished(state));
  return [
    ...all.filter(({ state }) => !isWaiting(state) && !isFinished(state)),
    ...waitingJobs(all),
    ...ended.sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at)),
  ];
}

/** Jobs that wait, in the order in which they will be drawn. */
export function waitingJobs(jobs: Iterable<JobView>): JobView[] {
  const waiting = [...jobs].filter(({ state }) => isWaiting(state));
  return waiting.sort((a, b) => b.priority - a.priority || a.rank - b.rank);
}

/** After a move. */
export function tellPlace(moved: JobView, jobs: Iterable<JobView>): string {
  const place = waitingJobs(jobs).findIndex(({ id }) => id === moved.id) + 1;
  return place > 0 ? `${moved.id} is now number ${place} in the queue` : `${moved.id} waits no longer`;
}
