import type { DeviceView, JobView, ServerFrame, SystemView } from "../../shared/ws-messages.ts";
import { formatDuration, formatPercent, formatPosition, oneLine } from "./format.ts";
import type { Theme } from "./theme.ts";

/** One event as one readable line: time, what it is about, what happened. Nothing for talk about the connection. */
export function eventLine(frame: ServerFrame, theme: Theme): string | undefined {
  const words = eventWords(frame, theme);
  if (words === undefined) return undefined;
  const time = new Date(frame.timestamp).toTimeString().slice(0, 8);
  return `${theme.dim(time)}  ${words}`;
}

function eventWords(frame: ServerFrame, theme: Theme): string | undefined {
  const { glyphs } = theme;
  switch (frame.type) {
    case "job_state_change": {
      const { from_state, to_state, reason } = frame;
      const state = theme.job[to_state](`${glyphs.job[to_state]} ${to_state}`);
      const from = from_state === null ? "" : `${from_state} ${glyphs.arrow} `;
      return `${frame.job_id}  ${from}${state}  ${oneLine(reason)}`.trimEnd();
    }
    case "job_progress":
      return `${frame.job_id}  ${formatPercent(frame.progress)}, ${formatDuration(frame.estimated_remaining)} left${layerWords(frame)}`;
    case "job_removed":
      return `${frame.job_id}  removed`;
    case "system_alert": {
      const about = [frame.job_id, frame.device_id].filter(Boolean).join(" ");
      const level = theme.level[frame.level](`${glyphs.level[frame.level]} ${frame.level}`);
      return `${level}  ${oneLine(frame.message)}${about && `  (${about})`}`;
    }
    case "device_status": {
      const status = theme.device[frame.status](`${glyphs.device[frame.status]} ${frame.status}`);
      return `${frame.device_id}  ${status}  pen ${penWord(frame.pen_up)}, at ${formatPosition(frame.position)}`;
    }
    case "system_status":
      return `system  ${frame.status}, ${frame.active_jobs} active, ${frame.queue_length} waiting, up ${formatDuration(frame.uptime)}`;
    case "gap":
      return theme.bad(`gap  events ${frame.from_seq} to ${frame.to_seq} are lost`);
    default:
      return undefined;
  }
}

/** The current state, for people: a line each for the daemon, its machines and its jobs. */
export function stateLines(
  system: SystemView | null,
  devices: readonly DeviceView[],
  jobs: readonly JobView[],
  theme: Theme,
): string[] {
  return [
    ...(system ? [systemLine(system)] : []),
    ...devices.map((device) => deviceLine(device, theme)),
    ...jobs.map((job) => jobLine(job, theme)),
  ];
}

function systemLine(system: SystemView): string {
  const { status, daemon_version, active_jobs, queue_length, uptime } = system;
  return `system  ${status}, plotty ${daemon_version}, ${active_jobs} active, ${queue_length} waiting, up ${formatDuration(uptime)}`;
}

function deviceLine(device: DeviceView, theme: Theme): string {
  const status = theme.device[device.status](`${theme.glyphs.device[device.status]} ${device.status}`);
  const paper = device.ready ? "paper ready" : "no paper";
  const reason = device.reason ? `  ${oneLine(device.reason)}` : "";
  return `${device.id}  ${status}  ${paper}, pen ${penWord(device.pen_up)}, at ${formatPosition(device.position)}${reason}`;
}

function jobLine(job: JobView, theme: Theme): string {
  const state = theme.job[job.state](`${theme.glyphs.job[job.state]} ${job.state}`);
  const left = job.estimated_remaining === null ? "" : `, ${formatDuration(job.estimated_remaining)} left`;
  return `${job.id}  ${state}  ${formatPercent(job.progress)}${left}  ${oneLine(job.reason)}`.trimEnd();
}

export function penWord(penUp: boolean | null): string {
  return penUp === null ? "unknown" : penUp ? "up" : "down";
}

function layerWords(frame: { current_layer: number; total_layers: number }): string {
  return frame.total_layers > 1 ? `, layer ${frame.current_layer} of ${frame.total_layers}` : "";
}
