import { isFinished } from "../../shared/job-machine.ts";
import type {
  DeviceStatus,
  DeviceView,
  JobProgress,
  JobStateChange,
  JobView,
  PlottyEvent,
  ServerFrame,
  Snapshot,
  SystemAlert,
  SystemStatus,
  SystemView,
} from "../../shared/ws-messages.ts";
import type { Link } from "./connection.ts";
import { isEvent, seqOf } from "./vocabulary.ts";

/** What this client knows of the daemon. The screen shows it; nothing else holds state. */
export interface Mirror {
  /** In the order in which the daemon first told of them. */
  readonly jobs: ReadonlyMap<string, JobView>;
  readonly devices: ReadonlyMap<string, DeviceView>;
  readonly system: SystemView | null;
  /** Newest last, at most `ALERTS_KEPT`. */
  readonly alerts: readonly SystemAlert[];
  readonly link: Link;
  /** When the link was lost, ms since 1970: what is shown is as old as this. Null while it is live. */
  readonly staleSinceMs: number | null;
  /** Points of its plan that each job has drawn, as far as progress has told. */
  readonly plotted: ReadonlyMap<string, number>;
  /** How fast each machine's carriage moves, mm/s, from its last two places. */
  readonly speeds: ReadonlyMap<string, number>;
  /** When each machine told its place, ms since 1970. */
  readonly movedAtMs: ReadonlyMap<string, number>;
  /** What happened, newest last, at most `LOG_KEPT`: positions and progress are no happenings. */
  readonly log: readonly PlottyEvent[];
  /** The snapshot's number: job and device changes up to it are in it already. */
  readonly snapshotSeq: number;
}

export type MirrorInput =
  | { readonly type: "frame"; readonly frame: ServerFrame }
  | { readonly type: "link"; readonly link: Link; readonly atMs: number }
  /** Asked by HTTP: what events do not tell, such as layers, notes and the paper flag. */
  | { readonly type: "job"; readonly job: JobView }
  | { readonly type: "devices"; readonly devices: readonly DeviceView[] }
  /** Waiting jobs in another order, which no event tells. */
  | { readonly type: "order"; readonly ids: readonly string[] };

export const EMPTY_MIRROR: Mirror = {
  jobs: new Map(),
  devices: new Map(),
  system: null,
  alerts: [],
  link: { state: "connecting" },
  staleSinceMs: null,
  plotted: new Map(),
  speeds: new Map(),
  movedAtMs: new Map(),
  log: [],
  snapshotSeq: 0,
};

export const ALERTS_KEPT = 200;
export const LOG_KEPT = 500;
const FINISHED_KEPT = 50;

/** The mirror after `input`. Pure; what did not change stays the same object. */
export function reflect(mirror: Mirror, input: MirrorInput): Mirror {
  switch (input.type) {
    case "link":
      return { ...mirror, link: input.link, staleSinceMs: staleness(mirror, input.link, input.atMs) };
    case "job":
      return { ...mirror, jobs: withJob(mirror.jobs, completed(mirror.jobs.get(input.job.id), input.job)) };
    case "devices":
      return { ...mirror, devices: new Map(input.devices.map((device) => [device.id, device])) };
    case "order":
      return { ...mirror, jobs: inOrder(mirror.jobs, input.ids) };
    case "frame":
      return reflectFrame(logged(mirror, input.frame), input.frame);
  }
}

/** The map with these of its keys last, in this order. */
function inOrder(jobs: ReadonlyMap<string, JobView>, ids: readonly string[]): ReadonlyMap<string, JobView> {
  const moved = ids.flatMap((id): [string, JobView][] => (jobs.has(id) ? [[id, jobs.get(id)!]] : []));
  const names = new Set(ids);
  return new Map([...[...jobs].filter(([id]) => !names.has(id)), ...moved]);
}

/** What happened is kept for those who look later; what is only the state of the moment is not. */
function logged(mirror: Mirror, frame: ServerFrame): Mirror {
  if (!isEvent(frame) || seqOf(frame) === undefined) return mirror;
  return { ...mirror, log: [...mirror.log.slice(1 - LOG_KEPT), frame] };
}

function staleness(mirror: Mirror, link: Link, atMs: number): number | null {
  if (link.state === "live") return null;
  return mirror.staleSinceMs ?? (link.state === "connecting" && mirror.system === null ? null : atMs);
}

function reflectFrame(mirror: Mirror, frame: ServerFrame): Mirror {
  switch (frame.type) {
    case "snapshot":
      return reflectSnapshot(mirror, frame);
    case "system_alert":
      return { ...mirror, alerts: withAlert(mirror.alerts, frame) };
    case "job_state_change":
    case "job_removed":
    case "job_progress":
    case "system_status":
    case "device_status":
      return isOld(mirror, frame) ? mirror : reflectState(mirror, frame);
    default:
      return mirror;
  }
}

/** A replay may tell again what led to the snapshot. */
function isOld(mirror: Mirror, event: PlottyEvent): boolean {
  const seq = seqOf(event);
  return seq !== undefined && seq <= mirror.snapshotSeq;
}

/** Open jobs are as the snapshot says; one that it does not hold any more has ended or was removed meanwhile. */
function reflectSnapshot(mirror: Mirror, snapshot: Snapshot): Mirror {
  const finished = [...mirror.jobs.values()].filter((job) => isFinished(job.state));
  const jobs = new Map([...finished, ...snapshot.jobs].map((job) => [job.id, job]));
  return {
    ...mirror,
    jobs,
    devices: new Map(snapshot.devices.map((device) => [device.id, device])),
    system: snapshot.system,
    snapshotSeq: snapshot.seq,
  };
}

function reflectState(mirror: Mirror, event: Exclude<PlottyEvent, SystemAlert>): Mirror {
  switch (event.type) {
    case "job_state_change":
      return { ...mirror, jobs: withJob(mirror.jobs, changedJob(mirror.jobs.get(event.job_id), event)) };
    case "job_progress":
      return {
        ...mirror,
        jobs: withProgress(mirror.jobs, event),
        plotted: new Map(mirror.plotted).set(event.job_id, event.metadata.points_plotted),
      };
    case "job_removed": {
      const jobs = new Map(mirror.jobs);
      jobs.delete(event.job_id);
      const plotted = new Map(mirror.plotted);
      plotted.delete(event.job_id);
      return { ...mirror, jobs, plotted };
    }
    case "device_status":
      return {
        ...mirror,
        devices: withDevice(mirror.devices, event),
        speeds: withSpeed(mirror, event),
        movedAtMs: new Map(mirror.movedAtMs).set(event.device_id, Date.parse(event.timestamp)),
      };
    case "system_status":
      return { ...mirror, system: changedSystem(mirror.system, event) };
  }
}

function changedJob(job: JobView | undefined, event: JobStateChange): JobView {
  const { job_id: id, to_state: state, from_state, timestamp, reason, metadata } = event;
  const before = job ?? unknownJob(id, timestamp);
  return {
    ...before,
    state,
    reason,
    updated_at: timestamp,
    pen: metadata.pen ?? before.pen,
    paper: metadata.paper ?? before.paper,
    progress: state === "COMPLETED" ? 1 : before.progress,
    estimated_remaining: isFinished(state) ? null : (before.estimated_remaining ?? metadata.estimated_time),
    history: [...before.history, { at: timestamp, from_state, to_state: state, reason }],
  };
}

/** A job of which only events have told: what they do not say is filled in by `completed`. */
function unknownJob(id: string, at: string): JobView {
  return {
    id,
    name: id,
    state: "NEW",
    progress: 0,
    reason: "",
    created_at: at,
    updated_at: at,
    priority: 0,
    hold: false,
    pen: null,
    paper: null,
    device: null,
    layers: [],
    estimate: null,
    current_layer: 1,
    total_layers: 1,
    estimated_remaining: null,
    notes: [],
    error: null,
    history: [],
  };
}

/** Events are in order and the HTTP answer is not: states come from events, the rest from the answer. */
function completed(known: JobView | undefined, asked: JobView): JobView {
  if (!known) return asked;
  const { state, reason, updated_at } = known;
  const isMoving = state === "RUNNING" || state === "PAUSED" || state === "COMPLETED";
  const progress = isMoving ? Math.max(known.progress, asked.progress) : asked.progress;
  const left = isFinished(state) ? null : (known.estimated_remaining ?? asked.estimated_remaining);
  return { ...asked, state, reason, updated_at, progress, estimated_remaining: left };
}

function withJob(jobs: ReadonlyMap<string, JobView>, job: JobView): ReadonlyMap<string, JobView> {
  const next = new Map(jobs).set(job.id, job);
  const finished = [...next.values()].filter(({ state }) => isFinished(state));
  for (const { id } of finished.slice(0, Math.max(0, finished.length - FINISHED_KEPT))) next.delete(id);
  return next;
}

function withProgress(jobs: ReadonlyMap<string, JobView>, event: JobProgress): ReadonlyMap<string, JobView> {
  const job = jobs.get(event.job_id);
  if (!job) return jobs;
  const { progress, current_layer, total_layers, estimated_remaining } = event;
  return new Map(jobs).set(job.id, { ...job, progress, current_layer, total_layers, estimated_remaining });
}

function withDevice(
  devices: ReadonlyMap<string, DeviceView>,
  event: DeviceStatus,
): ReadonlyMap<string, DeviceView> {
  const before = devices.get(event.device_id) ?? unknownDevice(event.device_id);
  const { status, pen_up, position, metadata } = event;
  const { firmware_version, motor_current, ready } = metadata;
  return new Map(devices).set(before.id, {
    ...before,
    status,
    pen_up,
    position,
    firmware_version,
    motor_current,
    ready: typeof ready === "boolean" ? ready : before.ready,
    job_id: status === "busy" || status === "paused" ? before.job_id : null,
  });
}

/** mm/s over the way between the last two places; 0 for a machine that is not at work. */
function withSpeed(mirror: Mirror, event: DeviceStatus): ReadonlyMap<string, number> {
  const { device_id: id, position, status, timestamp } = event;
  const before = mirror.devices.get(id)?.position;
  const seconds = (Date.parse(timestamp) - (mirror.movedAtMs.get(id) ?? Number.NaN)) / 1000;
  if (status !== "busy") return new Map(mirror.speeds).set(id, 0);
  if (!before || !position || !(seconds > 0)) return mirror.speeds;
  return new Map(mirror.speeds).set(id, Math.hypot(position.x - before.x, position.y - before.y) / seconds);
}

function unknownDevice(id: string): DeviceView {
  return {
    id,
    driver: "ebb",
    model: "",
    port: null,
    status: "disconnected",
    ready: false,
    pen_up: null,
    position: null,
    firmware_version: null,
    nickname: null,
    motor_current: null,
    motor_power: null,
    job_id: null,
    reason: null,
    starved_strokes: 0,
    speed: 1,
  };
}

function changedSystem(system: SystemView | null, event: SystemStatus): SystemView | null {
  if (!system) return null; // the snapshot or an HTTP answer brings the rest first
  const { status, daemon_version, uptime, active_jobs, queue_length } = event;
  return { ...system, status, daemon_version, uptime, active_jobs, queue_length };
}

function withAlert(alerts: readonly SystemAlert[], alert: SystemAlert): readonly SystemAlert[] {
  if (alerts.some(({ id }) => id === alert.id)) return alerts;
  return [...alerts, alert].slice(-ALERTS_KEPT);
}
