import type { PenSettings } from "../../shared/plot-settings.ts";
import type { PenConfig } from "../config-schema.ts";
import { type MachineModel, servoSweepS } from "./models.ts";

/** A pen of the configuration with the times its servo needs on this machine. */
export function penSettings(name: string, pen: PenConfig, model: MachineModel): PenSettings {
  const sweepS = servoSweepS(model, pen.up, pen.down) + pen.delay_ms / 1000;
  return {
    name,
    widthMm: pen.width_mm,
    color: pen.color,
    speedMmPerS: pen.speed_mm_s,
    accelMmPerS2: pen.accel_mm_s2,
    upPercent: pen.up,
    downPercent: pen.down,
    liftS: sweepS,
    dropS: sweepS,
  };
}
