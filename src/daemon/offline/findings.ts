import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { toPlottyError } from "../../shared/errors.ts";
import type { DeviceView } from "../../shared/ws-messages.ts";
import { dataDir, type LoadedConfig, loadConfig } from "../config.ts";
import type { Config } from "../config-schema.ts";
import { findBoards } from "../device/link/find-boards.ts";
import { portError } from "../device/link/port-error.ts";
import { askDaemon, type Whereabouts } from "./ask-daemon.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly level: "ok" | "note" | "problem";
  readonly about: "node" | "config" | "data" | "daemon" | "port" | "machine";
  readonly tells: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** Looks at configuration, data, daemon, ports and machines, in the order in which one needs the other. */
export async function findings(env: NodeJS.ProcessEnv, where: Whereabouts): Promise<Finding[]> {
  const { loaded, found } = readConfig(env, where);
  if (!loaded) return found;
  const { config } = loaded;
  const daemon = await daemonFindings(config, env, where);
  return [
    ...found,
    ...dataFindings(config, env),
    ...daemon.found,
    ...(await portFindings(config)),
    ...daemon.devices.flatMap(machineFindings),
  ];
}

function readConfig(
  env: NodeJS.ProcessEnv,
  where: Whereabouts,
): { loaded: LoadedConfig | undefined; found: Finding[] } {
  try {
    const loaded = loadConfig({ flags: {}, env, file: where.config });
    const tells = loaded.file === null ? "no file: the defaults are in force" : `${loaded.file} is valid`;
    const mend = loaded.file === null ? '"plotty config init" writes one to begin with' : undefined;
    const warnings = loaded.warnings.map(
      (warning): Finding => ({ level: "note", about: "config", tells: warning }),
    );
    return { loaded, found: [{ level: "ok", about: "config", tells, ...(mend && { mend }) }, ...warnings] };
  } catch (error) {
    const { message } = toPlottyError(error);
    const mend =
      'correct it, then "plotty config validate"; "plotty config init --config new.yaml" writes a right one';
    return { loaded: undefined, found: [{ level: "problem", about: "config", tells: message, mend }] };
  }
}

function dataFindings(config: Config, env: NodeJS.ProcessEnv): Finding[] {
  const directory = dataDir(config, env);
  const nearest = existingAbove(directory);
  if (!mayWrite(nearest)) {
    const mend = `make ${nearest} writable for this user, or set data_dir to another directory`;
    return [{ level: "problem", about: "data", tells: `${directory} cannot be written`, mend }];
  }
  const { bavail, bsize } = statfsSync(nearest);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb < config.alerts.disk_free_mb) {
    const mend = "free some space, or let queue.keep_finished keep fewer jobs";
    return [{ level: "problem", about: "data", tells: `${directory} has only ${freeMb} MB left`, mend }];
  }
  return [{ level: "ok", about: "data", tells: `${directory}, ${freeMb} MB free` }];
}

async function daemonFindings(
  config: Config,
  env: NodeJS.ProcessEnv,
  where: Whereabouts,
): Promise<{ found: Finding[]; devices: readonly DeviceView[] }> {
  const answer = await askDaemon(config, env, where);
  switch (answer.state) {
    case "running": {
      const tells = `plotty ${answer.version} at ${answer.url}, ${answer.status}`;
      return { found: [{ level: "ok", about: "daemon", tells }], devices: answer.devices };
    }
    case "away":
      return {
        found: [
          {
            level: "note",
            about: "daemon",
            tells: `not running: nobody answers at ${answer.url}`,
            mend: '"plotty daemon" starts it, "plotty service install" lets the system do that',
          },
        ],
        devices: [],
      };
    case "refused":
      return {
        found: [
          {
            level: "problem",
            about: "daemon",
            tells: `the daemon at ${answer.url} wants a key`,
            mend: "set PLOTTY_API_KEY or give --api-key: it is websocket.api_key of the daemon's configuration",
          },
        ],
        devices: [],
      };
    case "stranger":
      return {
        found: [
          {
            level: "problem",
            about: "daemon",
            tells: `another program answers at ${answer.url} (${answer.why})`,
            mend: "end it, or set websocket.port to another port",
          },
        ],
        devices: [],
      };
  }
}

/** Boards on USB, and the ports that the configuration names, as this user may open them. */
async function portFindings({ devices }: Config): Promise<Finding[]> {
  const boards = await findBoards();
  const named = devices
    .filter(({ driver, port }) => driver === "ebb" && port !== "auto" && !port.startsWith("nickname:"))
    .map(({ port }) => port);
  const paths = [...new Set([...boards.map(({ path }) => path), ...named])];
  const wanted = devices.filter(({ driver }) => driver === "ebb").length;
  const found = paths.map(portFinding);
  if (boards.length === 0 && wanted > named.length) {
    const mend = "connect the USB cable, switch the machine on, and look whether lsusb shows 04d8:fd92";
    found.push({ level: "problem", about: "port", tells: "no EiBotBoard is connected", mend });
  } else if (paths.length === 0) {
    const mend = 'connect one, or try with "plotty daemon --simulate"';
    found.push({ level: "note", about: "port", tells: "no machine is connected", mend });
  }
  for (const { id, port } of devices.filter((device) => device.port.startsWith("nickname:"))) {
    const nickname = port.slice("nickname:".length);
    if (boards.some((board) => board.nickname === nickname)) continue;
    const names = boards.map((board) => board.nickname ?? board.path).join(", ") || "none";
    const mend = `correct the port of ${id}; connected: ${names}`;
    found.push({ level: "problem", about: "port", tells: `no board is called ${nickname}`, mend });
  }
  return found;
}

function portFinding(path: string): Finding {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return { level: "ok", about: "port", tells: `${path} may be opened` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const cause = new Error(code === "ENOENT" ? "no such file" : "permission denied");
    const [tells, ...mend] = portError(path, cause).message.split(": ");
    return { level: "problem", about: "port", tells: tells!, mend: mend.join(": ") };
  }
}

function machineFindings(device: DeviceView): Finding[] {
  const { id, status, reason, motor_power: power } = device;
  if (power === false) {
    const mend = "plug in the power supply of the machine and switch it on: USB alone moves nothing";
    return [{ level: "problem", about: "machine", tells: `${id} has no motor power`, mend }];
  }
  if (status === "error" || status === "disconnected") {
    const [tells, ...rest] = (reason ?? status).split(": ");
    const mend = rest.join(": ") || "switch it off and on, and look at its cable";
    return [{ level: "problem", about: "machine", tells: `${id}: ${tells}`, mend }];
  }
  const paper = device.ready ? "paper ready" : "no paper";
  return [
    {
      level: device.ready ? "ok" : "note",
      about: "machine",
      tells: `${id} is ${status}, firmware ${device.firmware_version ?? "unknown"}, ${paper}`,
      ...(device.ready ? {} : { mend: `put paper in, then "plotty ready ${id}"` }),
    },
  ];
}

function existingAbove(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingAbove(dirname(path));
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // the finding says so
  }
}
