import type { Drawing } from "../../shared/drawing.ts";
import type { PageSettings, PlotSettings } from "../../shared/plot-settings.ts";
import { wholeOn } from "../geometry/place.ts";

/** A model that a drawing can be planned for, the settings made for it. */
export interface PlanChoice {
  readonly model: string;
  readonly settings: PlotSettings;
}

/** How the paper would lie in a model that plotty knows. */
export interface ModelPage {
  readonly model: string;
  readonly page: PageSettings;
}

/**
 * The first choice that draws the whole drawing; where each would cut it, the one that reaches furthest.
 *
 * @param choices at least one, the preferred first
 * @returns also all models of `pages` that would cut nothing
 */
export function chooseModel(
  drawing: Drawing,
  choices: readonly PlanChoice[],
  pages: readonly ModelPage[],
): { choice: PlanChoice; fitsModels: string[] } {
  const isWhole = wholeOn(drawing);
  const fitsModels = pages.filter(({ page }) => isWhole(page)).map(({ model }) => model);
  const whole = choices.find(({ model }) => fitsModels.includes(model));
  return { choice: whole ?? choices.reduce(farther), fitsModels };
}

function farther(a: PlanChoice, b: PlanChoice): PlanChoice {
  return areaMm2(b) > areaMm2(a) ? b : a;
}

function areaMm2({ settings }: PlanChoice): number {
  const { widthMm, heightMm } = settings.page.envelope;
  return widthMm * heightMm;
}
