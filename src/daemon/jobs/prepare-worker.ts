import { parentPort } from "node:worker_threads";
import { type ErrorBody, toPlottyError } from "../../shared/errors.ts";
import { DrawingFile } from "../drawing-file.ts";
import { writeMotion } from "../motion/plan.ts";
import { arrangeDrawing } from "../prepare.ts";
import { readSvg } from "../svg/read-svg.ts";
import { chooseModel, type ModelPage, type PlanChoice } from "./choose-model.ts";
import type { PlanSummary } from "./job-record.ts";
import { keepPlan } from "./keep-plan.ts";

/** The thread in which drawings are planned, so that a large one delays nobody. */

export interface PrepareRequest {
  readonly id: number;
  readonly drawingFile: string;
  /** What it can be planned for, the preferred first; at least one. */
  readonly choices: readonly PlanChoice[];
  /** What it may be planned for later. */
  readonly pages: readonly ModelPage[];
  readonly planFile: string;
}

/** All of a plan's summary that is known here. */
export type Planned = Omit<PlanSummary, "timeFactor">;

export type PrepareAnswer =
  | { readonly id: number; readonly summary: Planned }
  | { readonly id: number; readonly error: ErrorBody };

parentPort?.on("message", (request: PrepareRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer({ id, drawingFile, choices, pages, planFile }: PrepareRequest): PrepareAnswer {
  try {
    const read = readSvg(new DrawingFile(drawingFile), choices[0]!.settings.reading);
    const { choice, fitsModels } = chooseModel(read, choices, pages);
    const { model, settings } = choice;
    const drawing = arrangeDrawing(read, settings);
    const plan = keepPlan(planFile, (write) => writeMotion(drawing, settings.motion, write));
    const layers = plan.layers.map((layer) => ({
      name: layer.name,
      pen: layer.pen.name,
      strokes: layer.strokes,
      pause_before: layer.pauseBefore,
    }));
    const { hash, totals, notes } = plan;
    return { id, summary: { hash, model, fitsModels, layers, totals, notes } };
  } catch (error) {
    return { id, error: toPlottyError(error).toBody() };
  }
}
