import type { JobView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import type { MonitorStore } from "./store.ts";

/**
 * Gives a waiting job another place among those of its priority. No event tells of the new order, so the mirror is told here.
 *
 * @param position 0 is next @returns what to tell
 */
export async function moveJob(
  job: JobView,
  position: number,
  { api, store }: { api: Api; store: MonitorStore },
): Promise<string> {
  await api.patchJob(job.id, { position });
  const others = waitingLike(job, store.latest().jobs.values()).filter(({ id }) => id !== job.id);
  const at = Math.min(position, others.length);
  store.reorder([...others.slice(0, at), job, ...others.slice(at)].map(({ id }) => id));
  return `${job.id} is now number ${at + 1} in the queue`;
}

/** One place earlier or later. */
export function shiftJob(
  job: JobView,
  by: 1 | -1,
  hands: { api: Api; store: MonitorStore },
): Promise<string> {
  const waiting = waitingLike(job, hands.store.latest().jobs.values());
  const from = waiting.findIndex(({ id }) => id === job.id);
  const to = Math.max(0, Math.min(waiting.length - 1, from + by));
  if (to === from)
    return Promise.resolve(`${job.id} is ${by < 0 ? "next" : "last"} already among its priority`);
  return moveJob(job, to, hands);
}

function waitingLike({ priority }: JobView, jobs: Iterable<JobView>): JobView[] {
  return [...jobs].filter(
    (job) => job.priority === priority && ["NEW", "PLANNING", "QUEUED"].includes(job.state),
  );
}
