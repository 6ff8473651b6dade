import { PlottyError } from "../../shared/errors.ts";
import type { DeviceView } from "../../shared/ws-messages.ts";
import type { Api, DeviceCommand } from "../client/api.ts";
import { print, type Session, say } from "../session.ts";
import { nearest } from "../text/nearest.ts";
import { parseFormat, showRows } from "../text/show.ts";
import { DEVICE_HEAD, deviceRow } from "../text/table.ts";
import { apiOf, type CommonOptions } from "./context.ts";

type OnDevice = CommonOptions & { readonly device?: string };

/** `plotty device list` */
export async function listDevices(
  session: Session,
  options: CommonOptions & { format: string },
): Promise<number> {
  const format = parseFormat(options.format);
  const devices = await apiOf(session, options).devices();
  if (devices.length === 0 && format !== "json") {
    say(session, 'no machines: attach one, or start the daemon with "plotty daemon --simulate"');
  } else await showRows(session, format, devices, DEVICE_HEAD, deviceRow);
  return 0;
}

/** `plotty ready [DEVICE]`: fresh paper lies in it. */
export async function ready(
  session: Session,
  id: string | undefined,
  options: CommonOptions & { not?: boolean },
): Promise<number> {
  const isReady = options.not !== true;
  const device = await act(session, { ...options, device: id }, { name: "ready", body: { ready: isReady } });
  await print(session, isReady ? `${device} is ready: fresh paper lies in it` : `${device} is not ready`);
  return 0;
}

type PenOptions = OnDevice & {
  readonly speed?: string;
  readonly upPercent?: string;
  readonly downPercent?: string;
  readonly delay?: string;
};

/** `plotty device pen [up|down] [--speed … --up-percent … --down-percent … --delay …]` */
export async function pen(session: Session, where: string | undefined, options: PenOptions): Promise<number> {
  const { speed, upPercent, downPercent, delay } = options;
  const changes = {
    ...numberOf("speed_mm_s", "--speed", speed),
    ...numberOf("up_percent", "--up-percent", upPercent),
    ...numberOf("down_percent", "--down-percent", downPercent),
    ...numberOf("delay_ms", "--delay", delay),
  };
  if (where === undefined && Object.keys(changes).length === 0) {
    throw new PlottyError(
      "usage.invalid",
      "the pen goes up or down, or give it a --speed, a height or a --delay",
    );
  }
  const up = where === undefined ? {} : { up: choose("the pen goes", where, "up", "down") };
  const device = await act(session, options, { name: "pen", body: { ...up, ...changes } });
  if (where !== undefined) await print(session, `${device}: pen ${where}`);
  if (Object.keys(changes).length > 0) await print(session, `${device}: pen changed from the next stroke on`);
  return 0;
}

function numberOf(field: string, flag: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return { [field]: value };
  throw new PlottyError("usage.invalid", `${flag} is a number, not "${text}"`);
}

/** `plotty device outline JOB`: on the machine that is to draw it, unless another is named. */
export async function outline(session: Session, job: string, options: OnDevice): Promise<number> {
  const device = options.device ?? (await apiOf(session, options).job(job)).device ?? undefined;
  const body = { job_id: job };
  const done = await act(session, { ...options, ...(device && { device }) }, { name: "outline", body });
  await print(session, `${done}: went around ${job}`);
  return 0;
}

/** `plotty device jog DX DY`, in mm. */
export async function jog(session: Session, dx: string, dy: string, options: OnDevice): Promise<number> {
  const [dxMm, dyMm] = [dx, dy].map(Number);
  if (!Number.isFinite(dxMm) || !Number.isFinite(dyMm) || dx.trim() === "" || dy.trim() === "") {
    throw new PlottyError("usage.invalid", `jog takes two lengths in mm such as "10 -5", not "${dx} ${dy}"`);
  }
  const device = await act(session, options, { name: "jog", body: { dx: dxMm!, dy: dyMm! } });
  await print(session, `${device}: moved by ${dxMm}, ${dyMm} mm`);
  return 0;
}

/** `plotty device home|park|stop` */
export async function goHome(
  session: Session,
  name: "home" | "park" | "stop",
  options: OnDevice,
): Promise<number> {
  const device = await act(session, options, { name, body: {} });
  const done = { home: "at home", park: "parked", stop: "stopped; plotty device home finds its place again" };
  await print(session, `${device}: ${done[name]}`);
  return 0;
}

/** `plotty device motors|maintenance on|off` */
export async function turn(
  session: Session,
  name: "motors" | "maintenance",
  where: string,
  options: OnDevice,
): Promise<number> {
  const on = choose(`${name} is`, where, "on", "off");
  const device = await act(session, options, { name, body: { on } });
  await print(session, `${device}: ${name} ${where}`);
  return 0;
}

/** A device by its id; when there is none, the error names those there are. */
export async function findDevice(api: Api, id: string): Promise<DeviceView> {
  const devices = await api.devices();
  const device = devices.find((candidate) => candidate.id === id);
  if (device) return device;
  const ids = devices.map((candidate) => candidate.id);
  const near = nearest(id, ids);
  const hint = near ? `did you mean ${near}?` : `there are ${ids.join(", ") || "none"}`;
  throw new PlottyError("device.not-found", `there is no machine ${id}: ${hint}`);
}

/** The machine a command goes to: the one named, else the only one. */
async function act(session: Session, options: OnDevice, command: DeviceCommand): Promise<string> {
  const api = apiOf(session, options);
  const id = options.device ? (await findDevice(api, options.device)).id : await onlyDevice(api);
  await api.actOnDevice(id, command);
  return id;
}

async function onlyDevice(api: Api): Promise<string> {
  const devices = await api.devices();
  const present = devices.filter(({ status }) => status !== "disconnected");
  const [device, ...others] = present.length > 0 ? present : devices;
  if (!device)
    throw new PlottyError("device.not-found", "the daemon knows no machine: attach one and try again");
  if (others.length === 0) return device.id;
  const ids = [device, ...others].map(({ id }) => id).join(", ");
  throw new PlottyError("usage.invalid", `there are several machines, name one of them: ${ids}`);
}

function choose(what: string, word: string, yes: string, no: string): boolean {
  if (word === yes || word === no) return word === yes;
  throw new PlottyError("usage.invalid", `${what} ${yes} or ${no}, not "${word}"`);
}
