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
  /** Change of the pulse each frame. */
  readonly servoRate: number;
  /** The pin of the board's port B that the pen's servo is plugged to. */
  readonly servoPin: number;
  /** Servo outputs that the board serves in turn, 3 ms each: a frame is all of them. */
  readonly servoChannels: number;
}

/** The servo that machines are sold with, on the lowest of the board's servo connectors. */
const STANDARD = { servoMin: 9855, servoMax: 27831, servoRate: 720, servoPin: 1, servoChannels: 8 };
/** The brushless pen lift, on the third connector: narrow pulses, and a frame of 3 ms. */
const BRUSHLESS = { servoMin: 5400, servoMax: 12600, servoRate: 90, servoPin: 2, servoChannels: 1 };
const STEPS_PER_MM = 80;
const CHANNEL_S = 0.003;

/** Travel areas from the makers' data sheets (inches × 25.4). */
const AREAS = [
  ["axidraw_v3", 299.974, 217.932],
  ["axidraw_se_a4", 299.974, 217.932],
  ["axidraw_v3_a3", 430.022, 296.926],
  ["axidraw_se_a3", 430.022, 296.926],
  ["axidraw_v3_xlx", 594.868, 217.932],
  ["axidraw_minikit", 160.02, 101.6],
  ["axidraw_se_a1", 864.108, 594.106],
  ["axidraw_se_a2", 594.106, 431.8],
  ["axidraw_v3_b6", 190.5, 139.7],
] as const;

/** Each machine with the servo it is sold with, and with the brushless pen lift: `axidraw_v3_brushless`. */
export const MODELS: Readonly<Record<string, MachineModel>> = Object.fromEntries(
  AREAS.flatMap(([name, widthMm, heightMm]) => {
    const machine = { envelope: { widthMm, heightMm }, stepsPerMm: STEPS_PER_MM };
    const brushless = `${name}_brushless`;
    return [
      [name, { name, ...machine, ...STANDARD }],
      [brushless, { name: brushless, ...machine, ...BRUSHLESS }],
    ];
  }),
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

/** Time of the servo's sweep between two heights in per cent, s: the pulse moves once a frame. */
export function servoSweepS(model: MachineModel, fromPercent: number, toPercent: number): number {
  const travel = (Math.abs(toPercent - fromPercent) / 100) * (model.servoMax - model.servoMin);
  const frameS = Math.round(model.servoChannels * CHANNEL_S * 1000) / 1000;
  return Math.ceil(travel / model.servoRate) * frameS;
}
