import type { JobView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { tellPlace, waitingJobs } from "../client/order-jobs.ts";
import type { MonitorStore } from "./store.ts";

/**
 * Gives a waiting job another place among those of its priority. No event tells of it, so the mirror is told here.
 *
 * @param position 0 is next @returns what to tell
 */
export async function moveJob(
  job: JobView,
  position: number,
  { api, store }: { api: Api; store: MonitorStore },
): Promise<string> {
  const moved = await api.patchJob(job.id, { position });
  store.moved(moved);
  return tellPlace(moved, store.latest().jobs.values());
}

/** One place earlier or later. */
export async function shiftJob(
  job: JobView,
  by: 1 | -1,
  hands: { api: Api; store: MonitorStore },
): Promise<string> {
  const peers = waitingJobs(hands.store.latest().jobs.values()).filter(
    ({ priority }) => priority === job.priority,
  );
  const from = peers.findIndex(({ id }) => id === job.id);
  const to = Math.max(0, Math.min(peers.length - 1, from + by));
  return to === from
    ? `${job.id} is ${by < 0 ? "next" : "last"} already among its priority`
    : moveJob(job, to, hands);
}
