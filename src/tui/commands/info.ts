import { PlottyError } from "../../shared/errors.ts";
import { isWaiting } from "../../shared/job-machine.ts";
import type { StatsTopic } from "../client/api.ts";
import { orderJobs } from "../client/order-jobs.ts";
import { print, type Session, say } from "../session.ts";
import { formatDuration, formatLength } from "../text/format.ts";
import { parseFormat, showPairs, showRows } from "../text/show.ts";
import { type Cell, DEVICE_HEAD, deviceRow, JOB_HEAD, jobRow, systemPairs } from "../text/table.ts";
import { addressOf, apiOf, type CommonOptions } from "./context.ts";
import { findDevice } from "./devices.ts";

type Printing = CommonOptions & { readonly format: string };

/** `plotty info system`: says where the websocket is, or that it is not running (and ends with 3). */
export async function infoSystem(session: Session, options: Printing): Promise<number> {
  const format = parseFormat(options.format);
  try {
    const system = await apiOf(session, options).system();
    await showPairs(session, format, system, systemPairs(system));
    return 0;
  } catch (error) {
    if (!(error instanceof PlottyError) || error.code !== "daemon.unreachable") throw error;
    const { wsUrl: url } = addressOf(session, options);
    const record = { status: "not running", websocket: { url, running: false } };
    await showPairs(session, format, record, [["websocket", `not running (${url})`]]);
    say(session, `plotty: ${error.message}`);
    return error.exitCode;
  }
}

/** `plotty info queue`: what waits, in the order in which it will be drawn. */
export async function infoQueue(session: Session, options: Printing): Promise<number> {
  const format = parseFormat(options.format);
  const open = await apiOf(session, options).jobs(["NEW", "PLANNING", "QUEUED", "RUNNING", "PAUSED"]);
  const jobs = orderJobs(open);
  const waiting = jobs.filter(({ state }) => isWaiting(state));
  const left = jobs.reduce((seconds, job) => seconds + (job.estimated_remaining ?? 0), 0);
  if (format === "json") {
    await print(session, JSON.stringify({ waiting: waiting.length, estimated_remaining: left, jobs }));
    return 0;
  }
  say(
    session,
    `${waiting.length} waiting, ${jobs.length - waiting.length} at work, ${formatDuration(left)} to go`,
  );
  if (jobs.length > 0) await showRows(session, format, jobs, JOB_HEAD, (job) => jobRow(job, Date.now()));
  return 0;
}

/** `plotty info device ID` */
export async function infoDevice(session: Session, id: string, options: Printing): Promise<number> {
  const format = parseFormat(options.format);
  const device = await findDevice(apiOf(session, options), id);
  const names = DEVICE_HEAD.map((name) => name.toLowerCase());
  const pairs = deviceRow(device).map((value, i): [string, Cell] => [names[i]!, value]);
  if (device.nickname) pairs.push(["nickname", device.nickname]);
  if (device.motor_power !== null) pairs.push(["power", device.motor_power ? "on" : "off: check the plug"]);
  pairs.push(["ink today", formatLength(device.inked_today_mm)]);
  pairs.push(["starved", `${device.starved_strokes} strokes`]);
  if (device.reason) pairs.push(["reason", device.reason]);
  await showPairs(session, format, device, pairs);
  return 0;
}

/** `plotty stats websocket|jobs|devices` */
export async function stats(session: Session, topic: string, options: Printing): Promise<number> {
  const format = parseFormat(options.format);
  if (!["websocket", "jobs", "devices"].includes(topic)) {
    throw new PlottyError(
      "usage.invalid",
      `there are stats of websocket, jobs and devices, not of "${topic}"`,
    );
  }
  const figures = await apiOf(session, options).stats(topic as StatsTopic);
  await showPairs(session, format, figures, flatten(figures, ""));
  return 0;
}

/** Nested figures as dotted names. */
function flatten(value: unknown, name: string): [string, Cell][] {
  if (typeof value !== "object" || value === null) return [[name, String(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[name, "none"]];
  return entries.flatMap(([key, inner]) => flatten(inner, name === "" ? key : `${name}.${key}`));
}
