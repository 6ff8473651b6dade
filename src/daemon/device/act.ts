import { PlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { travelProfile } from "../motion/path-profile.ts";
import { brakeAlong, type Passage, slicePath } from "../motion/slices.ts";
import type { DriverAction } from "./driver-messages.ts";
import type { MachineModel } from "./models.ts";
import type { PlotRequest } from "./plot-control.ts";
import type { Plotter } from "./plotter.ts";

const HAND_LIMITS = { speedMmPerS: 100, accelMmPerS2: 300 };
const SERVO_S = 0.24;

export interface Hands {
  readonly plotter: Plotter;
  readonly model: MachineModel;
  readonly penUp: boolean;
  /** What ends a move before its time: a stop, or the end of the daemon. */
  readonly asked: () => PlotRequest | null;
}

/** Does what an operator asks for outside any job. @returns whether the pen is up afterwards */
export async function act(hands: Hands, action: DriverAction, signal: AbortSignal): Promise<boolean> {
  const isUp = await perform(hands, action);
  await hands.plotter.drained(signal);
  return isUp;
}

async function perform(hands: Hands, action: DriverAction): Promise<boolean> {
  const { plotter, penUp } = hands;
  switch (action.type) {
    case "pen":
      await (action.up ? plotter.raisePen(SERVO_S) : plotter.lowerPen(SERVO_S));
      return action.up;
    case "jog":
      await travel(hands, jogTarget(hands, action));
      return penUp;
    case "home":
    case "park":
      await plotter.raisePen(SERVO_S);
      await travel(hands, { x: 0, y: 0 });
      return true;
    case "outline":
      await outline(hands, action.min, action.max);
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

/** Around the area, pen up, and back to where it stood. */
async function outline(hands: Hands, min: Point, max: Point): Promise<void> {
  const start = hands.plotter.queuedPosition;
  for (const corner of [min, max]) demandInside(hands, corner, "the outline");
  await hands.plotter.raisePen(SERVO_S);
  const corners = [min, { x: max.x, y: min.y }, max, { x: min.x, y: max.y }, min];
  for (const corner of [...corners, start]) await travel(hands, corner);
}

/** Brakes along the way when it is to end before its time; after a halt nothing more is sent. */
async function travel({ plotter, asked }: Hands, to: Point): Promise<void> {
  const path = travelProfile(plotter.queuedPosition, to, HAND_LIMITS);
  let done: Passage = { endMm: 0, endMmPerS: 0 };
  for (const slice of slicePath(path)) {
    const request = asked();
    if (request) {
      if (request.type !== "halt") for (const piece of brakeAlong(path, done)) await plotter.move(piece);
      throw new PlottyError("device.unavailable", `the move was ended: ${request.reason}`);
    }
    await plotter.move(slice);
    done = slice;
  }
}

function jogTarget(hands: Hands, jog: { dxMm: number; dyMm: number }): Point {
  const from = hands.plotter.queuedPosition;
  const to = { x: from.x + jog.dxMm, y: from.y + jog.dyMm };
  demandInside(hands, to, "a jog");
  return to;
}

function demandInside({ model }: Hands, to: Point, what: string): void {
  const { widthMm, heightMm } = model.envelope;
  const isInside = to.x >= -1e-6 && to.y >= -1e-6 && to.x <= widthMm + 1e-6 && to.y <= heightMm + 1e-6;
  if (isInside) return;
  throw new PlottyError(
    "request.invalid",
    `${what} to ${to.x.toFixed(1)}, ${to.y.toFixed(1)} mm would leave the machine's ${widthMm.toFixed(0)} x ${heightMm.toFixed(0)} mm`,
    { to },
  );
}
