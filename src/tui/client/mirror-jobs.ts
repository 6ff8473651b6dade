import { isFinished } from "../../shared/job-machine.ts";
import type { JobProgress, JobStateChange, JobView } from "../../shared/ws-messages.ts";

const FINISHED_KEPT = 50;

export function withProgress(
  jobs: ReadonlyMap<string, JobView>,
  event: JobProgress,
): ReadonlyMap<string, JobView> {
  const job = jobs.get(event.job_id);
  if (!job) return jobs;
  const { progress, current_layer, total_layers, estimated_remaining } = event;
  return new Map(jobs).set(job.id, { ...job, progress, current_layer, total_layers, estimated_remaining });
}

export function withJob(jobs: ReadonlyMap<string, JobView>, job: JobView): ReadonlyMap<string, JobView> {
  const next = new Map(jobs).set(job.id, job);
  const finished = [...next.values()].filter(({ state }) => isFinished(state));
  for (const { id } of finished.slice(0, Math.max(0, finished.length - FINISHED_KEPT))) next.delete(id);
  return next;
}

export function changedJob(job: JobView | undefined, event: JobStateChange): JobView {
  const { job_id: id, to_state: state, from_state, timestamp, reason, metadata } = event;
  const before = job ?? unknownJob(id, timestamp);
  return {
    ...before,
    state,
    reason,
    updated_at: timestamp,
    pen: metadata.pen ?? before.pen,
    paper: metadata.paper ?? before.paper,
    progress: state === "COMPLETED" ? 1 : before.progress,
    estimated_remaining: isFinished(state) ? null : (before.estimated_remaining ?? metadata.estimated_time),
    history: [...before.history, { at: timestamp, from_state, to_state: state, reason }],
  };
}

/** A job of which only events have told: what they do not say is filled in by `completed`. */
function unknownJob(id: string, at: string): JobView {
  return {
    id,
    name: id,
    state: "NEW",
    progress: 0,
    reason: "",
    created_at: at,
    updated_at: at,
    priority: 0,
    rank: Number.MAX_SAFE_INTEGER,
    hold: false,
    pen: null,
    paper: null,
    device: null,
    model: null,
    layers: [],
    estimate: null,
    current_layer: 1,
    total_layers: 1,
    estimated_remaining: null,
    notes: [],
    error: null,
    history: [],
  };
}

/** Events are in order and the HTTP answer is not: states come from events, the rest from the answer. */
export function completed(known: JobView | undefined, asked: JobView): JobView {
  if (!known) return asked;
  const { state, reason, updated_at } = known;
  const isMoving = state === "RUNNING" || state === "PAUSED" || state === "COMPLETED";
  const progress = isMoving ? Math.max(known.progress, asked.progress) : asked.progress;
  const left = isFinished(state) ? null : (known.estimated_remaining ?? asked.estimated_remaining);
  return { ...asked, state, reason, updated_at, progress, estimated_remaining: left };
}

/** Places in the queue as the daemon tells them; the same map when nothing has moved. */
export function replaced(
  jobs: ReadonlyMap<string, JobView>,
  asked: readonly JobView[],
): ReadonlyMap<string, JobView> {
  const moved = asked.flatMap(({ id, priority, rank }): [string, JobView][] => {
    const job = jobs.get(id);
    return job && (job.priority !== priority || job.rank !== rank) ? [[id, { ...job, priority, rank }]] : [];
  });
  return moved.length === 0 ? jobs : new Map([...jobs, ...moved]);
}
