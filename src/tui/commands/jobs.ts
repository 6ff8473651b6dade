import { PlottyError } from "../../shared/errors.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Api, JobAction } from "../client/api.ts";
import { tellPlace } from "../client/order-jobs.ts";
import { print, type Session, say } from "../session.ts";
import { formatDuration, formatLength, formatPercent, formatTime, oneLine } from "../text/format.ts";
import { parseFormat, showPairs, showRows } from "../text/show.ts";
import { type Cell, JOB_HEAD, jobRow } from "../text/table.ts";
import { apiOf, type CommonOptions, themeFor } from "./context.ts";
import { type PlotFlags, toQuery } from "./plot-options.ts";
import { readUpload, submitUpload } from "./upload.ts";

type Printing = CommonOptions & { readonly format: string };

/** `plotty add FILE…`: each becomes a job. All files are read before the first is sent: a typing error queues nothing. */
export async function add(session: Session, files: string[], options: Printing & PlotFlags): Promise<number> {
  const format = parseFormat(options.format);
  const api = apiOf(session, options);
  const uploads = [];
  for (const file of files) {
    const upload = await readUpload(session, file);
    uploads.push({ upload, query: toQuery(options, upload.name) });
  }
  const theme = themeFor(session, options, session.stderr);
  const jobs: JobView[] = [];
  for (const { upload, query } of uploads) jobs.push(await submitUpload(session, theme, api, upload, query));
  if (format !== "text") await showRows(session, format, jobs, JOB_HEAD, (job) => jobRow(job, Date.now()));
  else await print(session, jobs.map(({ id }) => id).join("\n"));
  return 0;
}

/** `plotty list` */
export async function list(session: Session, options: Printing & { state?: string }): Promise<number> {
  const format = parseFormat(options.format);
  const states = options.state?.toUpperCase().split(",") ?? [];
  const jobs = await apiOf(session, options).jobs(states);
  if (jobs.length === 0 && format !== "json") say(session, "no jobs: queue one with plotty add FILE");
  else await showRows(session, format, jobs, JOB_HEAD, (job) => jobRow(job, Date.now()));
  return 0;
}

/** `plotty info job ID` */
export async function infoJob(session: Session, id: string, options: Printing): Promise<number> {
  const format = parseFormat(options.format);
  const job = await findJob(apiOf(session, options), id);
  await showPairs(
    session,
    format,
    job,
    jobPairs(job, themeFor(session, options, session.stdout).glyphs.arrow),
  );
  return 0;
}

/** `plotty pause|resume|cancel|retry ID…` */
export async function act(
  session: Session,
  action: JobAction,
  ids: string[],
  options: Printing,
): Promise<number> {
  const format = parseFormat(options.format);
  const api = apiOf(session, options);
  for (const id of ids) {
    const job = await withHint(api, id, () => api.actOnJob(id, action));
    if (format === "json") await print(session, JSON.stringify(job));
    else await print(session, `${job.id} ${job.state}`);
  }
  return 0;
}

/** `plotty remove ID…` */
export async function remove(session: Session, ids: string[], options: CommonOptions): Promise<number> {
  const api = apiOf(session, options);
  for (const id of ids) {
    await withHint(api, id, () => api.removeJob(id));
    await print(session, `${id} removed`);
  }
  return 0;
}

/** `plotty move ID --to N --device ID`: to a place in the queue (1 is drawn next, of those of its priority), to a machine, or both. */
export async function move(
  session: Session,
  id: string,
  options: CommonOptions & { to?: string; device?: string },
): Promise<number> {
  const { to, device } = options;
  const place = Number(to);
  if (to === undefined && device === undefined) {
    throw new PlottyError(
      "usage.invalid",
      "move where? --to N gives a place in the queue, --device ID a machine",
    );
  }
  if (to !== undefined && (!Number.isInteger(place) || place < 1)) {
    throw new PlottyError("usage.invalid", `--to is a place in the queue, 1 is next, not "${to}"`);
  }
  const api = apiOf(session, options);
  const patch = { ...(to !== undefined && { position: place - 1 }), ...(device !== undefined && { device }) };
  const job = await withHint(api, id, () => api.patchJob(id, patch));
  const told = tellPlace(job, await api.jobs(["NEW", "PLANNING", "QUEUED"]));
  await print(session, device === undefined ? told : `${told}, for ${job.device}`);
  return 0;
}

/** A job by its id; when there is none, the error names the nearest one. */
export function findJob(api: Api, id: string): Promise<JobView> {
  return withHint(api, id, () => api.job(id));
}

async function withHint<T>(api: Api, id: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PlottyError) || error.code !== "job.not-found") throw error;
    const { nearest } = await import("../text/nearest.ts");
    const ids = (await api.jobs()).map((job) => job.id);
    const hint = nearest(id, ids);
    throw new PlottyError(
      "job.not-found",
      `there is no job ${id}: ${hint ? `did you mean ${hint}?` : '"plotty list" shows all'}`,
    );
  }
}

function jobPairs(job: JobView, arrow: string): [string, Cell][] {
  const pairs: [string, Cell][] = [
    ["id", job.id],
    ["name", oneLine(job.name)],
    ["state", `${job.state}${job.hold ? " (held)" : ""}`],
    ["reason", oneLine(job.reason)],
    ["progress", formatPercent(job.progress)],
    ["left", job.estimated_remaining === null ? "-" : formatDuration(job.estimated_remaining)],
    ["pen", job.pen ?? "-"],
    ["paper", job.paper ?? "-"],
    ["machine", job.device ?? "-"],
    ["priority", job.priority],
    ["created", formatTime(job.created_at)],
  ];
  if (job.estimate) {
    const { duration_s, ink_mm, travel_mm, lifts } = job.estimate;
    pairs.push(["estimate", formatDuration(duration_s)]);
    pairs.push(["ink", `${formatLength(ink_mm)}, travel ${formatLength(travel_mm)}, ${lifts} pen lifts`]);
  }
  for (const layer of job.layers) {
    const stop = layer.pause_before ? ", pauses before it" : "";
    pairs.push([
      "layer",
      `${oneLine(layer.name) || "(unnamed)"}: ${layer.strokes} strokes, pen ${layer.pen}${stop}`,
    ]);
  }
  for (const note of job.notes) pairs.push(["note", oneLine(note)]);
  if (job.error) pairs.push(["error", oneLine(job.error.message)]);
  for (const { at, from_state, to_state, reason } of job.history) {
    pairs.push([
      "history",
      `${formatTime(at)}  ${from_state ?? "-"} ${arrow} ${to_state}  ${oneLine(reason)}`,
    ]);
  }
  return pairs;
}
