import type { Clock } from "../../shared/clock.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { DeviceConfig } from "../config-schema.ts";
import { findBoards } from "./link/find-boards.ts";
import type { Link } from "./link/link.ts";
import { openSerialLink } from "./link/serial-link.ts";
import { simulate } from "./link/sim-link.ts";
import { machineModel } from "./models.ts";

/** The way to the machine a configuration names: a virtual board in this process, or a serial port. */
export async function openLink(device: DeviceConfig, clock: Clock, signal: AbortSignal): Promise<Link> {
  if (device.driver === "virtual")
    return simulate({ clock, model: machineModel(device.model), name: device.id }).link;
  return openSerialLink(await findPort(device.port), signal);
}

/** @param port `auto`, `nickname:NAME` or a path */
export async function findPort(port: string): Promise<string> {
  if (port !== "auto" && !port.startsWith("nickname:")) return port;
  const nickname = port === "auto" ? null : port.slice("nickname:".length);
  const boards = await findBoards();
  const board = nickname === null ? boards[0] : boards.find((each) => each.nickname === nickname);
  if (board) return board.path;
  throw new PlottyError(
    "device.port-missing",
    nickname === null
      ? "no EBB found on USB: connect and switch on the machine, or name its port under devices:"
      : `no EBB with the nickname "${nickname}" found on USB: connect it, or name its port under devices:`,
    { port },
  );
}
