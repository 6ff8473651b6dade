import { PlottyError } from "../../shared/errors.ts";
import type { DeviceAction } from "../services.ts";
import type { Machine } from "./machine.ts";
import { isTuned, type PenTuning } from "./pen-tuning.ts";

/** Does with a machine what a person asks for; its state says so afterwards. Rejects with why it cannot be done. */
export async function operate(
  machine: Machine,
  action: Exclude<DeviceAction, { type: "ready" }>,
): Promise<void> {
  const { state } = machine;
  switch (action.type) {
    case "maintenance":
      state.inMaintenance = action.on;
      break;
    case "stop":
      machine.stop();
      break;
    case "home":
      await machine.act(state.isPositionLost ? { type: "origin" } : action);
      state.homed();
      break;
    case "pen":
      tune(machine, action);
      if (action.up !== undefined) await machine.act({ type: "pen", up: action.up });
      break;
    case "motors":
      await machine.act(action);
      if (!action.on && state.jobId !== null) state.positionLost();
      state.motorsOn = action.on;
      break;
    default:
      demandPosition(machine);
      await machine.act(action);
  }
}

/** Only what was given: a number that is missing stays as it is. */
function tune(machine: Machine, { upPercent, downPercent, speedMmPerS, delayMs }: PenTuning): void {
  const tuning: PenTuning = {
    ...(upPercent !== undefined && { upPercent }),
    ...(downPercent !== undefined && { downPercent }),
    ...(speedMmPerS !== undefined && { speedMmPerS }),
    ...(delayMs !== undefined && { delayMs }),
  };
  if (isTuned(tuning)) machine.tune(tuning);
}

function demandPosition({ id, state }: Machine): void {
  if (!state.isPositionLost) return;
  throw new PlottyError(
    "device.position-unknown",
    `${id} does not know where it is: switch its motors off, push the carriage to the origin, then plotty device home`,
    { device: id },
  );
}
