import type { AlertView } from "../../shared/http-messages.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type {
  DeviceView,
  JobView,
  PlottyEvent,
  ServerFrame,
  Snapshot,
  SystemAlert,
  SystemStatus,
  SystemView,
} from "../../shared/ws-messages.ts";
import type { Link } from "./connection.ts";
import { withAlert, withOpenAlerts } from "./mirror-alerts.ts";
import { withDevice, withSpeed } from "./mirror-devices.ts";
import { changedJob, completed, replaced, withJob, withProgress } from "./mirror-jobs.ts";
import { isEvent, seqOf } from "./vocabulary.ts";

/** What this client knows of the daemon. The screen shows it; nothing else holds state. */
export interface Mirror {
  /** In the order in which the daemon first told of them. */
  readonly jobs: ReadonlyMap<string, JobView>;
  readonly devices: ReadonlyMap<string, DeviceView>;
  readonly system: SystemView | null;
  /** Newest last, at most `ALERTS_KEPT`. */
  readonly alerts: readonly SystemAlert[];
  /** Ids of those that are over, or that somebody has seen. */
  readonly settled: ReadonlySet<string>;
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
  /** Waiting jobs, for their places in the queue, which no event tells. */
  | { readonly type: "queue"; readonly jobs: readonly JobView[] }
  /** All open alerts, when `known` had been told of. Those of them that are not open any more are settled. */
  | {
      readonly type: "openAlerts";
      readonly open: readonly AlertView[];
      readonly known: readonly SystemAlert[];
    }
  /** An alert was acknowledged from here. */
  | { readonly type: "acknowledged"; readonly id: string };

export const EMPTY_MIRROR: Mirror = {
  jobs: new Map(),
  devices: new Map(),
  system: null,
  alerts: [],
  settled: new Set(),
  link: { state: "connecting" },
  staleSinceMs: null,
  plotted: new Map(),
  speeds: new Map(),
  movedAtMs: new Map(),
  log: [],
  snapshotSeq: 0,
};

export const LOG_KEPT = 500;

/** The mirror after `input`. Pure; what did not change stays the same object. */
export function reflect(mirror: Mirror, input: MirrorInput): Mirror {
  switch (input.type) {
    case "link":
      return { ...mirror, link: input.link, staleSinceMs: staleness(mirror, input.link, input.atMs) };
    case "job":
      return { ...mirror, jobs: withJob(mirror.jobs, completed(mirror.jobs.get(input.job.id), input.job)) };
    case "devices":
      return { ...mirror, devices: new Map(input.devices.map((device) => [device.id, device])) };
    case "queue": {
      const jobs = replaced(mirror.jobs, input.jobs);
      return jobs === mirror.jobs ? mirror : { ...mirror, jobs };
    }
    case "openAlerts":
      return withOpenAlerts(mirror, input.open, input.known);
    case "acknowledged":
      return { ...mirror, settled: new Set(mirror.settled).add(input.id) };
    case "frame":
      return reflectFrame(logged(mirror, input.frame), input.frame);
  }
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

function changedSystem(system: SystemView | null, event: SystemStatus): SystemView | null {
  if (!system) return null; // the snapshot or an HTTP answer brings the rest first
  const { status, daemon_version, uptime, active_jobs, queue_length } = event;
  return { ...system, status, daemon_version, uptime, active_jobs, queue_length };
}
