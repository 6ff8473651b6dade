import { isFinished } from "../../shared/job-machine.ts";
import type { JobStateName } from "../../shared/job-states.ts";
import type { ServerFrame } from "../../shared/ws-messages.ts";
import type { Until } from "../commands/monitor.ts";

interface Wanted {
  readonly until: Until | undefined;
  readonly jobId: string | undefined;
}

/** With which exit code `--until` ends at this frame; nothing when it is not what is waited for. */
export function verdictOf(frame: ServerFrame, wanted: Wanted): number | undefined {
  if (frame.type !== "job_state_change" || !isFinished(frame.to_state)) return undefined;
  if (wanted.jobId !== undefined && frame.job_id !== wanted.jobId) return undefined;
  return verdictOnEnd(frame.to_state, wanted);
}

/**
 * A job has ended in `state`: 0 for COMPLETED, 1 for the others. Among many jobs, those that end otherwise than waited
 * for do not count; a job that is named can come to no other end by itself.
 */
export function verdictOnEnd(state: JobStateName, { until, jobId }: Wanted): number | undefined {
  if (until === undefined) return undefined;
  const isWanted = until === "done" || (until === "completed") === (state === "COMPLETED");
  if (!isWanted && jobId === undefined) return undefined;
  return state === "COMPLETED" ? 0 : 1;
}
