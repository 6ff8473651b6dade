import { PlottyError } from "../../shared/errors.ts";
import type { JobRecord } from "./job-record.ts";

/** The error of a request that a job's state does not allow. @param why ends the sentence: what would be allowed */
export function refused({ id, state }: JobRecord, why: string): PlottyError {
  const facts = { job: id, state: state.name };
  return new PlottyError("job.refused-transition", `${id} is ${state.name}: ${why}`, facts);
}
