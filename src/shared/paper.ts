import type { DeviceView } from "./ws-messages.ts";

/** Whether fresh paper can lie in it: not while a job's ink is on the sheet, paused or not. */
export function canHaveFreshPaper({ ready, job_id }: Pick<DeviceView, "ready" | "job_id">): boolean {
  return ready || job_id === null;
}
