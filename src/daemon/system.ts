import type { Clock } from "../shared/clock.ts";
import { VERSION } from "../shared/version.ts";
import type { SystemView } from "../shared/ws-messages.ts";
import type { Devices } from "./device/devices.ts";
import type { EventLog } from "./event-log.ts";
import type { JobStore } from "./jobs/store.ts";
import type { SystemService } from "./services.ts";

export interface SystemOptions {
  readonly clock: Clock;
  readonly store: JobStore;
  readonly devices: Devices;
  readonly eventLog: EventLog;
  readonly dataDir: string;
  readonly configFile: string | null;
}

/** How the daemon as a whole is doing. */
export class System implements SystemService {
  readonly #options: SystemOptions;
  readonly #startedMs: number;
  #phase: "starting" | "up" | "stopping" = "starting";

  constructor(options: SystemOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  started(): void {
    this.#phase = "up";
  }

  stopping(): void {
    this.#phase = "stopping";
  }

  view(): Omit<SystemView, "websocket"> {
    const { clock, store, eventLog, dataDir, configFile } = this.#options;
    const active = store.count("RUNNING", "PAUSED");
    return {
      status: this.#status(active),
      daemon_version: VERSION,
      uptime: Math.floor((clock.monotonicMs() - this.#startedMs) / 1000),
      active_jobs: active,
      queue_length: store.count("NEW", "PLANNING", "QUEUED"),
      pid: process.pid,
      node_version: process.version,
      data_dir: dataDir,
      config_file: configFile,
      epoch: eventLog.epoch,
      seq: eventLog.lastSeq,
    };
  }

  #status(active: number): SystemView["status"] {
    if (this.#phase !== "up") return this.#phase;
    const isDegraded = this.#options.devices.all().some((machine) => machine.state.status === "error");
    if (isDegraded) return "degraded";
    return active > 0 ? "busy" : "ready";
  }
}
