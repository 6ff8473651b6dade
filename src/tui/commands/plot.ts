import type { DeviceView, JobView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { followJob } from "../client/follow-job.ts";
import { Interrupted, print, type Session, say } from "../session.ts";
import { formatDuration, oneLine } from "../text/format.ts";
import { JobLines } from "../text/job-lines.ts";
import { parseFormat, showRows } from "../text/show.ts";
import { JOB_HEAD, jobRow } from "../text/table.ts";
import { apiOf, type CommonOptions, themeFor } from "./context.ts";
import { findDevice } from "./devices.ts";
import { type PlotFlags, toQuery } from "./plot-options.ts";
import { readUpload, submitUpload } from "./upload.ts";

/** `plotty plot FILE`: submits it, declares the paper ready, and follows it to its end. */
export async function plot(
  session: Session,
  file: string,
  options: CommonOptions & PlotFlags & { readonly format: string },
): Promise<number> {
  const format = parseFormat(options.format);
  const upload = await readUpload(session, file);
  const query = toQuery(options, upload.name);
  const api = apiOf(session, options);
  const device = await deviceToDraw(api, options.device);
  const theme = themeFor(session, options, session.stderr);
  const lines = new JobLines(session, theme);
  let id: string | undefined;
  const submit = async () => {
    const job = await submitUpload(session, theme, api, upload, query);
    id = job.id;
    await declareReady(session, api, device);
    return job;
  };
  try {
    const job = await followJob(api, submit, lines, session.signal);
    lines.end();
    if (format === "text") await print(session, summary(job));
    else if (format === "json") await print(session, JSON.stringify(job));
    else await showRows(session, format, [job], JOB_HEAD, (row) => jobRow(row, Date.now()));
    return job.state === "COMPLETED" ? 0 : 1;
  } catch (error) {
    lines.end();
    if (error instanceof Interrupted && id !== undefined) sayHowToGoOn(session, id);
    throw error;
  }
}

/** The machine whose paper is meant: the one named, else the first that is attached, else the first that may yet be. */
async function deviceToDraw(api: Api, id: string | undefined): Promise<DeviceView | undefined> {
  if (id !== undefined) return findDevice(api, id);
  const devices = await api.devices();
  const present = devices.filter(({ status }) => status !== "disconnected" && status !== "error");
  return present.find(({ status }) => status === "connected") ?? present[0] ?? devices[0];
}

async function declareReady(session: Session, api: Api, device: DeviceView | undefined): Promise<void> {
  if (device === undefined) {
    say(session, "no machine is attached: the job waits until one is, and for plotty ready");
    return;
  }
  if (device.status === "busy" || device.status === "paused") {
    say(
      session,
      `${device.id} is drawing ${device.job_id ?? "another job"}: change its paper after that, then plotty ready`,
    );
    return;
  }
  await api.actOnDevice(device.id, { name: "ready", body: { ready: true } });
  if (device.status !== "connected")
    say(session, `${device.id} is ${device.status}: the job starts when it is back`);
}

function summary(job: JobView): string {
  const [start, end] = [startOf(job), Date.parse(job.updated_at)];
  const took = start === undefined ? "" : ` in ${formatDuration((end - start) / 1000)}`;
  const why = job.state === "COMPLETED" ? took : `: ${oneLine(job.error?.message ?? job.reason)}`;
  return `${job.id} ${job.state}${why}`;
}

function startOf(job: JobView): number | undefined {
  const started = job.history.find(({ to_state }) => to_state === "RUNNING");
  return started && Date.parse(started.at);
}

function sayHowToGoOn(session: Session, id: string): void {
  say(
    session,
    `no longer following, the drawing goes on: plotty cancel ${id} ends it, plotty monitor shows it`,
  );
}
