import type { PenSettings } from "../../../shared/plot-settings.ts";
import { type MachineModel, servoSweepS } from "../models.ts";
import type { CommandQueue } from "./command-queue.ts";
import { configureServo } from "./commands.ts";

/** Servo heights in per cent of the machine's range. */
export type PenHeights = Pick<PenSettings, "upPercent" | "downPercent">;

export const DEFAULT_HEIGHTS: PenHeights = { upPercent: 60, downPercent: 40 };

/** As the board has it when it is switched on. */
const BOARD_CHANNELS = 8;

/** Tells the board the pulses of a pen's heights; the servo moves at the machine's rate both ways. Nothing moves yet. */
export async function setHeights(
  queue: CommandQueue,
  model: MachineModel,
  heights: PenHeights,
): Promise<void> {
  const { servoMin, servoMax, servoRate, servoChannels } = model;
  const pulse = (percent: number) => Math.round(servoMin + (percent / 100) * (servoMax - servoMin));
  await Promise.all([
    ...(servoChannels === BOARD_CHANNELS ? [] : [queue.send(configureServo(8, servoChannels))]),
    queue.send(configureServo(4, pulse(heights.upPercent))),
    queue.send(configureServo(5, pulse(heights.downPercent))),
    ...[10, 11, 12].map((rate) => queue.send(configureServo(rate, servoRate))),
  ]);
}

/** Time between the two heights, s. */
export function sweepS(model: MachineModel, { upPercent, downPercent }: PenHeights): number {
  return servoSweepS(model, downPercent, upPercent);
}
