import type { Clock } from "../../shared/clock.ts";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import type { DeviceConfig } from "../config-schema.ts";
import { type FoundBoard, findBoards } from "./link/find-boards.ts";
import type { Link } from "./link/link.ts";
import { openSerialLink } from "./link/serial-link.ts";
import { simulate } from "./link/sim-link.ts";
import { machineModel } from "./models.ts";

/** By what a machine is looked for. */
export interface WantedPort {
  /** `auto`, `nickname:NAME` or a path. */
  readonly port: string;
  /** The nickname with which the machine has answered before: it counts more than what its port was called. */
  readonly knownAs: string | null;
  /** Paths and `nickname:NAME` of other machines, which `auto` leaves alone. */
  readonly othersPorts: readonly string[];
}

/** The way to the machine a configuration names: a virtual board in this process, or a serial port. */
export async function openLink(
  device: DeviceConfig,
  wanted: WantedPort,
  clock: Clock,
  signal: AbortSignal,
): Promise<Link> {
  if (device.driver === "virtual") {
    const model = machineModel(device.model);
    return simulate({ clock, model, name: device.id, keepsInk: false }).link;
  }
  const paths = portsFor(wanted, await findBoards());
  for (const [i, path] of paths.entries()) {
    try {
      return await openSerialLink(path, signal);
    } catch (error) {
      const isTaken = toPlottyError(error).code === "device.port-busy";
      if (!isTaken || i === paths.length - 1) throw error;
    }
  }
  throw notFound(wanted.port);
}

/** Where the machine can be, likeliest first; a later one is for when those before are taken. */
export function portsFor(
  { port, knownAs, othersPorts }: WantedPort,
  boards: readonly FoundBoard[],
): string[] {
  const named = (nickname: string) => boards.filter((board) => board.nickname === nickname);
  if (port.startsWith("nickname:")) return pathsOf(named(port.slice("nickname:".length)));
  const known = knownAs === null ? [] : pathsOf(named(knownAs));
  if (known.length === 1) return known;
  if (port !== "auto") return [port];
  const isOthers = ({ path, nickname }: FoundBoard) =>
    othersPorts.includes(path) || (nickname !== null && othersPorts.includes(`nickname:${nickname}`));
  return pathsOf(boards.filter((board) => !isOthers(board)));
}

function pathsOf(boards: readonly FoundBoard[]): string[] {
  return boards.map((board) => board.path);
}

function notFound(port: string): PlottyError {
  const nickname = port.startsWith("nickname:") ? port.slice("nickname:".length) : null;
  return new PlottyError(
    "device.port-missing",
    nickname === null
      ? "no EBB found on USB: connect and switch on the machine, or name its port under devices:"
      : `no EBB with the nickname "${nickname}" found on USB: connect it, or name its port under devices:`,
    { port },
  );
}
