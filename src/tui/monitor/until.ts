import { isFinished } from "../../shared/job-machine.ts";
import type { JobStateName } from "../../shared/job-states.ts";
import type { ServerFrame } from "../../shared/ws-messages.ts";
import type { Until } from "../commands/monitor.ts";

/** `--until`: watches jobs end, and knows with which exit code that ends the command. */
export class UntilWatch {
  readonly #until: Until | undefined;

  constructor(until: Until | undefined) {
    this.#until = until;
  }

  /** @returns the exit code when this frame is what was waited for */
  see(frame: ServerFrame): number | undefined {
    if (frame.type !== "job_state_change" || !isFinished(frame.to_state)) return undefined;
    return this.ended(frame.to_state);
  }

  /**
   * A job has ended in `state`. Waiting for `completed` ends with any end, because no other can follow by itself;
   * waiting for `failed` goes on when a job completes.
   */
  ended(state: JobStateName): number | undefined {
    if (this.#until === undefined) return undefined;
    if (this.#until === "failed" && state === "COMPLETED") return undefined;
    return state === "COMPLETED" ? 0 : 1;
  }
}
