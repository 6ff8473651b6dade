import { PlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { travelProfile } from "../motion/path-profile.ts";
import { slicePath } from "../motion/slices.ts";
import type { DriverAction } from "./driver-messages.ts";
import type { MachineModel } from "./models.ts";
import type { Plotter } from "./plotter.ts";

const HAND_LIMITS = { speedMmPerS: 100, accelMmPerS2: 300 };
const SERVO_S = 0.24;

/** Does what an operator asks for outside any job. @returns whether the pen is up afterwards */
export async function act(
  plotter: Plotter,
  action: DriverAction,
  model: MachineModel,
  penUp: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const isUp = await perform(plotter, action, model, penUp);
  await plotter.drained(signal);
  return isUp;
}

async function perform(
  plotter: Plotter,
  action: DriverAction,
  model: MachineModel,
  penUp: boolean,
): Promise<boolean> {
  switch (action.type) {
    case "pen":
      await (action.up ? plotter.raisePen(SERVO_S) : plotter.lowerPen(SERVO_S));
      return action.up;
    case "jog":
      await travel(plotter, jogTarget(plotter, action, model));
      return penUp;
    case "home":
    case "park":
      await plotter.raisePen(SERVO_S);
      await travel(plotter, { x: 0, y: 0 });
      return true;
    case "origin":
      await plotter.raisePen(SERVO_S);
      await plotter.enableMotors(true);
      await plotter.setOrigin();
      return true;
    case "motors":
      if (!action.on) await plotter.raisePen(SERVO_S);
      await plotter.enableMotors(action.on);
      return action.on ? penUp : true;
  }
}

async function travel(plotter: Plotter, to: Point): Promise<void> {
  for (const slice of slicePath(travelProfile(plotter.queuedPosition, to, HAND_LIMITS)))
    await plotter.move(slice);
}

function jogTarget(plotter: Plotter, jog: { dxMm: number; dyMm: number }, model: MachineModel): Point {
  const from = plotter.queuedPosition;
  const to = { x: from.x + jog.dxMm, y: from.y + jog.dyMm };
  const { widthMm, heightMm } = model.envelope;
  const isInside = to.x >= -1e-6 && to.y >= -1e-6 && to.x <= widthMm + 1e-6 && to.y <= heightMm + 1e-6;
  if (isInside) return to;
  throw new PlottyError(
    "request.invalid",
    `a jog to ${to.x.toFixed(1)}, ${to.y.toFixed(1)} mm would leave the machine's ${widthMm.toFixed(0)} x ${heightMm.toFixed(0)} mm`,
    { to },
  );
}
