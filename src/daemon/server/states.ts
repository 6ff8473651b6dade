import { type Clock, timestamp } from "../../shared/clock.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type {
  DeviceStatus,
  DeviceView,
  JobProgress,
  PlottyEvent,
  Snapshot,
  SystemStatus,
  SystemView,
} from "../../shared/ws-messages.ts";
import type { EventLog } from "../event-log.ts";
import type { DeviceService, JobService, SystemService } from "../services.ts";
import { encodeEvent } from "./encoded-event.ts";
import { type Subscription, wants } from "./subscription.ts";

export interface StateSources {
  readonly jobs: JobService;
  readonly devices: DeviceService;
  readonly system: SystemService;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  websocketView(): SystemView["websocket"];
}

/** The state of the moment, for those who have just begun to listen. */
export class States {
  readonly #sources: StateSources;
  /** Newest progress of each job that has not ended. */
  readonly #progress = new Map<string, JobProgress>();

  constructor(sources: StateSources) {
    this.#sources = sources;
  }

  /** Remembers what a later subscriber must be told. */
  note(event: PlottyEvent): void {
    if (event.type === "job_progress") this.#progress.set(event.job_id, event);
    if (event.type === "job_removed") this.#progress.delete(event.job_id);
    if (event.type === "job_state_change" && isFinished(event.to_state)) this.#progress.delete(event.job_id);
  }

  /** Progress of open jobs, the system's status and each device's, as far as `subscription` wants them. */
  current(subscription: Subscription): PlottyEvent[] {
    const states = [...this.#openProgress(), this.systemStatus(), ...this.#deviceStatuses()];
    return states.filter((state) => wants(subscription, encodeEvent(state)));
  }

  systemStatus(): SystemStatus {
    const { status, daemon_version, uptime, active_jobs, queue_length } = this.#sources.system.view();
    const at = timestamp(this.#sources.clock);
    return {
      type: "system_status",
      timestamp: at,
      status,
      daemon_version,
      uptime,
      active_jobs,
      queue_length,
    };
  }

  systemView(): SystemView {
    return { ...this.#sources.system.view(), websocket: this.#sources.websocketView() };
  }

  snapshot(): Snapshot {
    const { jobs, devices, eventLog, clock } = this.#sources;
    return {
      type: "snapshot",
      timestamp: timestamp(clock),
      jobs: jobs.open(),
      devices: devices.list(),
      system: this.systemView(),
      epoch: eventLog.epoch,
      seq: eventLog.lastSeq,
    };
  }

  /** A job may have ended without a word, when its hooks say so. */
  #openProgress(): JobProgress[] {
    if (this.#progress.size === 0) return [];
    const open = new Set(this.#sources.jobs.open().map(({ id }) => id));
    for (const id of this.#progress.keys()) if (!open.has(id)) this.#progress.delete(id);
    return [...this.#progress.values()];
  }

  #deviceStatuses(): DeviceStatus[] {
    const at = timestamp(this.#sources.clock);
    return this.#sources.devices.list().map((device) => deviceStatus(device, at));
  }
}

function deviceStatus(device: DeviceView, at: string): DeviceStatus {
  const { firmware_version, motor_current, ready } = device;
  return {
    type: "device_status",
    timestamp: at,
    device_id: device.id,
    status: device.status,
    pen_up: device.pen_up,
    position: device.position,
    metadata: { firmware_version, motor_current, ready },
  };
}
