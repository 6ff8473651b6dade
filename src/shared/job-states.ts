import type { ErrorBody } from "./errors.ts";
import type { PlanPosition } from "./plan.ts";

export const JOB_STATES = [
  "NEW",
  "PLANNING",
  "QUEUED",
  "RUNNING",
  "PAUSED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
] as const;
export type JobStateName = (typeof JOB_STATES)[number];

/** A job's state with the data that belongs to it. Positions are what the board executed. */
export type JobState =
  | { readonly name: "NEW" }
  | { readonly name: "PLANNING" }
  | { readonly name: "QUEUED"; readonly at?: PlanPosition }
  | { readonly name: "RUNNING"; readonly at: PlanPosition }
  | { readonly name: "PAUSED"; readonly at: PlanPosition; readonly byFault: boolean }
  | { readonly name: "COMPLETED" }
  | { readonly name: "CANCELLED"; readonly at?: PlanPosition }
  | { readonly name: "FAILED"; readonly at?: PlanPosition; readonly error: ErrorBody };

/** What can happen to a job. `reason` is told to people with the transition. */
export type JobEvent =
  | { readonly type: "planStarted"; readonly reason: string }
  | { readonly type: "planned"; readonly reason: string }
  | { readonly type: "optionsChanged"; readonly reason: string }
  | { readonly type: "started"; readonly reason: string }
  | { readonly type: "paused"; readonly at: PlanPosition; readonly byFault: boolean; readonly reason: string }
  | { readonly type: "resumed"; readonly reason: string }
  | { readonly type: "completed"; readonly reason: string }
  | {
      readonly type: "failed";
      readonly error: ErrorBody;
      readonly at?: PlanPosition;
      readonly reason: string;
    }
  | { readonly type: "cancelled"; readonly at?: PlanPosition; readonly reason: string }
  /** Back in the queue: from the start, or `at` where it stopped. */
  | { readonly type: "requeued"; readonly at?: PlanPosition; readonly reason: string };

export interface Refusal {
  readonly refused: string;
}
