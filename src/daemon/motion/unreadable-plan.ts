import { PlottyError } from "../../shared/errors.ts";

/** @param why `its end is missing` */
export function unreadablePlan(why: string): PlottyError {
  return new PlottyError(
    "plan.unreadable",
    `this is not a whole plotty plan: ${why}; plan the drawing again`,
  );
}
