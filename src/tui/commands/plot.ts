import type { DeviceView, JobView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { followJob } from "../client/follow-job.ts";
import { waitingJobs } from "../client/order-jobs.ts";
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
  const named = options.device === undefined ? undefined : (await findDevice(api, options.device)).id;
  const theme = themeFor(session, options, session.stderr);
  const lines = new JobLines(session, theme);
  let id: string | undefined;
  let isDeclared = false;
  const submit = async () => {
    const job = await submitUpload(session, theme, api, upload, query);
    id = job.id;
    return job;
  };
  // Not before: a drawing that turns out unreadable would leave its paper to the next job of the queue.
  const planned = async () => {
    lines.end();
    await declareReady(session, api, await api.job(id!), named);
    isDeclared = true;
  };
  try {
    const job = await followJob(api, { submit, planned }, lines, session.signal);
    lines.end();
    if (format === "text") await print(session, summary(job));
    else if (format === "json") await print(session, JSON.stringify(job));
    else await showRows(session, format, [job], JOB_HEAD, (row) => jobRow(row, Date.now()));
    return job.state === "COMPLETED" ? 0 : 1;
  } catch (error) {
    lines.end();
    if (error instanceof Interrupted && id !== undefined) sayHowToGoOn(session, id, isDeclared);
    throw error;
  }
}

/** The machine whose paper is meant: the one named, else the first attached of those it is planned for, else one that may yet be. */
function deviceToDraw(devices: readonly DeviceView[], job: JobView, named?: string): DeviceView | undefined {
  const own = devices.filter(({ id, model }) => (named === undefined ? model === job.model : id === named));
  const present = own.filter(({ status }) => status !== "disconnected" && status !== "error");
  return present.find(({ status }) => status === "connected") ?? present[0] ?? own[0];
}

/** Nothing to declare where paper lies already: the flag set once more would be for a sheet that is drawn on by now. */
async function declareReady(session: Session, api: Api, job: JobView, named?: string): Promise<void> {
  const device = deviceToDraw(await api.devices(), job, named);
  if (device === undefined) {
    say(session, "no machine is attached: the job waits until one is, and for plotty ready");
    return;
  }
  const { job_id: other, status } = device;
  if (other !== null && other !== job.id) {
    say(session, `${device.id} is drawing ${other}: change its paper after that, then plotty ready`);
    return;
  }
  if (!device.ready && other === null) {
    const queued = waitingJobs(await api.jobs(["QUEUED"])).filter((each) => canBeDrawnBy(each, device));
    if (!queued.some(({ id }) => id === job.id)) return; // another machine has taken it meanwhile
    if (queued[0]!.id !== job.id) sayWhoIsFirst(session, queued[0]!.id, job.id);
    await api.actOnDevice(device.id, { name: "ready", body: { ready: true } });
  }
  if (status !== "connected" && status !== "busy")
    say(session, `${device.id} is ${status}: the job starts when it is back`);
}

function canBeDrawnBy(job: JobView, { id, model }: DeviceView): boolean {
  return !job.hold && (job.device === null ? job.model === model : job.device === id);
}

function sayWhoIsFirst(session: Session, first: string, job: string): void {
  say(
    session,
    `${first} comes first in the queue and gets this paper: ${job} waits for the next, then plotty ready`,
  );
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

function sayHowToGoOn(session: Session, id: string, isDeclared: boolean): void {
  const state = isDeclared ? "the drawing goes on" : "the job waits for plotty ready";
  say(session, `no longer following, ${state}: plotty cancel ${id} ends it, plotty monitor shows it`);
}
