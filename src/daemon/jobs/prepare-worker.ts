import { parentPort } from "node:worker_threads";
import { type ErrorBody, toPlottyError } from "../../shared/errors.ts";
import type { PlotSettings } from "../../shared/plot-settings.ts";
import { writeMotion } from "../motion/plan.ts";
import { arrange } from "../prepare.ts";
import type { PlanSummary } from "./job-record.ts";
import { keepPlan } from "./keep-plan.ts";

/** The thread in which drawings are planned, so that a large one delays nobody. */

export interface PrepareRequest {
  readonly id: number;
  readonly svg: Uint8Array;
  readonly settings: PlotSettings;
  readonly planFile: string;
}

export type PrepareAnswer =
  | { readonly id: number; readonly summary: Omit<PlanSummary, "model" | "timeFactor"> }
  | { readonly id: number; readonly error: ErrorBody };

parentPort?.on("message", (request: PrepareRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer({ id, svg, settings, planFile }: PrepareRequest): PrepareAnswer {
  try {
    const drawing = arrange(svg, settings);
    const plan = keepPlan(planFile, (write) => writeMotion(drawing, settings.motion, write));
    const layers = plan.layers.map((layer) => ({
      name: layer.name,
      pen: layer.pen.name,
      strokes: layer.strokes,
      pause_before: layer.pauseBefore,
    }));
    return { id, summary: { hash: plan.hash, layers, totals: plan.totals, notes: plan.notes } };
  } catch (error) {
    return { id, error: toPlottyError(error).toBody() };
  }
}
