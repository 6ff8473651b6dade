import { PlottyError } from "../../shared/errors.ts";
import type { DeviceView, JobView, SystemView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { orderJobs } from "../client/order-jobs.ts";
import { apiOf, themeFor } from "../commands/context.ts";
import { findJob } from "../commands/jobs.ts";
import type { Watch } from "../commands/monitor.ts";
import { print, type Session, say } from "../session.ts";
import { stateLines } from "../text/event-line.ts";
import { boxTable, DEVICE_HEAD, deviceRow, JOB_HEAD, jobRow, systemPairs } from "../text/table.ts";

const OPEN = ["NEW", "PLANNING", "QUEUED", "RUNNING", "PAUSED"];

export interface CurrentState {
  readonly jobs: readonly JobView[];
  readonly devices: readonly DeviceView[];
  readonly system: SystemView | null;
}

/** The current state, as the format asks for it, and no more. */
export async function showOnce(session: Session, watch: Watch): Promise<number> {
  const state = await currentState(session, watch);
  if (watch.format === "json") for (const line of stateRecords(state)) await print(session, line);
  else if (watch.format === "table") await print(session, tables(state));
  else await print(session, textLines(session, watch, state));
  return 0;
}

/** Jobs, then devices, then the system, one line of JSON each. */
export function stateRecords({ jobs, devices, system }: CurrentState): string[] {
  return [
    ...jobs.map((job) => JSON.stringify({ type: "job", ...job })),
    ...devices.map((device) => JSON.stringify({ type: "device", ...device })),
    ...(system ? [JSON.stringify({ type: "system", ...withoutSeq(system) })] : []),
  ];
}

/** `seq` marks events; a line about the state must not look like one. */
function withoutSeq({ seq: _, ...system }: SystemView): Omit<SystemView, "seq"> {
  return system;
}

/** What the filters leave: all open jobs, or the one that is asked for, open or not. */
async function currentState(session: Session, watch: Watch): Promise<CurrentState> {
  const api = apiOf(session, watch);
  const wants = (channel: string) => watch.channels.some((name) => name === channel);
  const [jobs, devices, system] = await Promise.all([
    !wants("jobs")
      ? []
      : watch.jobId === undefined
        ? api.jobs(OPEN)
        : await namedJob(session, api, watch.jobId),
    wants("device") ? api.devices() : [],
    wants("system") ? api.system() : null,
  ]);
  return { jobs: orderJobs(jobs), devices, system };
}

/** A filter that nothing fits is worth a word, but no failure: the job may come. */
async function namedJob(session: Session, api: Api, id: string): Promise<JobView[]> {
  try {
    return [await findJob(api, id)];
  } catch (error) {
    if (!(error instanceof PlottyError) || error.code !== "job.not-found") throw error;
    say(session, `plotty: ${error.message}`);
    return [];
  }
}

function tables({ jobs, devices, system }: CurrentState): string {
  const nowMs = Date.now();
  const parts = [];
  if (jobs.length > 0)
    parts.push(
      boxTable(
        JOB_HEAD,
        jobs.map((job) => jobRow(job, nowMs)),
      ),
    );
  if (devices.length > 0) parts.push(boxTable(DEVICE_HEAD, devices.map(deviceRow)));
  if (system) parts.push(boxTable(["SYSTEM", ""], systemPairs(system)));
  return parts.join("\n") || "nothing to show";
}

function textLines(session: Session, watch: Watch, { jobs, devices, system }: CurrentState): string {
  const theme = themeFor(session, watch, session.stdout);
  const lines = stateLines(system, devices, jobs, theme);
  if (jobs.length === 0 && watch.channels.includes("jobs")) lines.push("no open jobs");
  return lines.join("\n");
}
