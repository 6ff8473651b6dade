import type { Clock } from "../../shared/clock.ts";
import type { DriverSetup, MachineInfo } from "./driver-messages.ts";
import { createEbbPlotter } from "./ebb/ebb-plotter.ts";
import { machineModel } from "./models.ts";
import { openLink } from "./open-link.ts";
import type { Plotter } from "./plotter.ts";

export interface TakenIn {
  readonly plotter: Plotter;
  readonly info: MachineInfo;
}

/**
 * Finds the machine and takes it in, pen up. The caller closes the plotter, which it is given as soon as there is one.
 *
 * @param knownAs the nickname of the board, once it has been met
 */
export async function takeIn(
  { device, pen, othersPorts }: DriverSetup,
  knownAs: string | null,
  clock: Clock,
  signal: AbortSignal,
  onPlotter: (plotter: Plotter) => void,
): Promise<TakenIn> {
  const link = await openLink(device, { port: device.port, knownAs, othersPorts }, clock, signal);
  const speed = device.driver === "virtual" ? device.speed : 1;
  const plotter = createEbbPlotter({ link, model: machineModel(device.model), clock, pen, speed });
  onPlotter(plotter);
  const info = await plotter.open(signal);
  const power = await plotter.motorPower();
  await plotter.buttonPressed(); // an old press is nobody's wish any longer
  return { plotter, info: { ...info, motorCurrentA: power.currentA, motorPower: power.powered } };
}
