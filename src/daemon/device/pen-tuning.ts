import type { PenSettings } from "../../shared/plot-settings.ts";
import { type MachineModel, servoSweepS } from "./models.ts";

/** What a person changes of a pen while it draws; what is missing stays as the pen has it. */
export interface PenTuning {
  /** Servo heights in per cent of the machine's range. */
  readonly upPercent?: number;
  readonly downPercent?: number;
  readonly speedMmPerS?: number;
  /** Wait after each lift and drop beyond the servo's sweep. */
  readonly delayMs?: number;
}

/** The pen as it is to draw from the next stroke on: lifts and drops take as long as its heights ask for. */
export function tunedPen(pen: PenSettings, tuning: PenTuning, model: MachineModel): PenSettings {
  const upPercent = tuning.upPercent ?? pen.upPercent;
  const downPercent = tuning.downPercent ?? pen.downPercent;
  const ownDelayS = Math.max(0, pen.liftS - servoSweepS(model, pen.upPercent, pen.downPercent));
  const delayS = tuning.delayMs === undefined ? ownDelayS : tuning.delayMs / 1000;
  const moveS = servoSweepS(model, upPercent, downPercent) + delayS;
  const speedMmPerS = tuning.speedMmPerS ?? pen.speedMmPerS;
  return { ...pen, upPercent, downPercent, speedMmPerS, liftS: moveS, dropS: moveS };
}

export function isTuned(tuning: PenTuning): boolean {
  return Object.values(tuning).some((value) => value !== undefined);
}
