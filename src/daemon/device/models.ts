import { PlottyError } from "../../shared/errors.ts";
import type { Size } from "../../shared/geometry.ts";

/** What plotty must know of a machine: where it can reach, how far a step goes, what its servo can do. */
export interface MachineModel {
  readonly name: string;
  readonly envelope: Size;
  /** At 1/16 microstepping; motor 1 turns with x + y, motor 2 with x − y. */
  readonly stepsPerMm: number;
  /** Servo pulse at 0 % and 100 %, in the board's units of 83.3 ns. */
  readonly servoMin: number;
  readonly servoMax: number;
  /** Change of the pulse each 24 ms. */
  readonly servoRate: number;
}

const AXIDRAW = { stepsPerMm: 80, servoMin: 9855, servoMax: 27831, servoRate: 720 };

/** Travel areas from the makers' data sheets (inches × 25.4). */
export const MODELS: Readonly<Record<string, MachineModel>> = Object.fromEntries(
  [
    ["axidraw_v3", 299.974, 217.932],
    ["axidraw_se_a4", 299.974, 217.932],
    ["axidraw_v3_a3", 430.022, 296.926],
    ["axidraw_se_a3", 430.022, 296.926],
    ["axidraw_v3_xlx", 594.868, 217.932],
    ["axidraw_minikit", 160.02, 101.6],
    ["axidraw_se_a1", 864.108, 594.106],
    ["axidraw_se_a2", 594.106, 431.8],
    ["axidraw_v3_b6", 190.5, 139.7],
  ].map(([name, widthMm, heightMm]) => [
    name as string,
    {
      name: name as string,
      envelope: { widthMm: widthMm as number, heightMm: heightMm as number },
      ...AXIDRAW,
    },
  ]),
);

export function machineModel(name: string): MachineModel {
  const model = MODELS[name];
  if (!model) {
    throw new PlottyError(
      "config.invalid",
      `no model "${name}"; plotty knows ${Object.keys(MODELS).join(", ")}`,
      { model: name },
    );
  }
  return model;
}

/** Time of the servo's sweep between two heights in per cent, s: the pulse moves once per 24 ms. */
export function servoSweepS(model: MachineModel, fromPercent: number, toPercent: number): number {
  const travel = (Math.abs(toPercent - fromPercent) / 100) * (model.servoMax - model.servoMin);
  return Math.ceil(travel / model.servoRate) * 0.024;
}
