import type { PlottyError } from "../../shared/errors.ts";
import type { PlanPosition } from "../../shared/plan.ts";
import type { PenTuning } from "./pen-tuning.ts";

/** What the daemon wants of a plot under way. */
export interface PlotControl {
  /** Read before each slice. */
  request: PlotRequest | null;
  /** Read before each stroke. */
  tuning: PenTuning;
}

export type PlotRequest =
  | { readonly type: "pause" | "cancel"; readonly reason: string }
  /** `done`: the board has stopped and the pen is up. `error`: not a person but a fault has asked for it. */
  | {
      readonly type: "halt";
      readonly reason: string;
      readonly done: Promise<void>;
      readonly error?: PlottyError;
    };

export interface PlotEnd {
  /** `halted`: stopped by `ES`, so the position on the plan is the last one known. */
  readonly outcome: "completed" | "paused" | "cancelled" | "halted";
  readonly at: PlanPosition;
  readonly reason: string;
  readonly wornPen?: string;
}

/** A board that is halted for a fault may not be able to answer any more: the fault is the news. */
export function haltedFor({ request }: PlotControl): PlottyError | undefined {
  return request?.type === "halt" ? request.error : undefined;
}
