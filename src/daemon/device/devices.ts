import { type ErrorCode, PlottyError } from "../../shared/errors.ts";
import { canHaveFreshPaper } from "../../shared/paper.ts";
import type { DeviceView } from "../../shared/ws-messages.ts";
import type { Config, DeviceConfig } from "../config-schema.ts";
import type { PlottyDatabase } from "../database.ts";
import type { Logger } from "../log.ts";
import type { Publisher } from "../publisher.ts";
import type { DeviceAction, DeviceService } from "../services.ts";
import { adoptBoards } from "./adopt-boards.ts";
import { DeviceMemory } from "./device-memory.ts";
import { DeviceNews } from "./device-news.ts";
import type { DiskPatience } from "./disk-patience.ts";
import { findBoards } from "./link/find-boards.ts";
import { Machine, type MachineListener } from "./machine.ts";
import { machineModel } from "./models.ts";
import { operate } from "./operate.ts";
import { penSettings } from "./pens.ts";

/** What the job queue wants to hear of the machines. */
export type PlotListener = Pick<
  MachineListener,
  "connected" | "lost" | "report" | "inked" | "stopped" | "button"
> & {
  /** Something that decides whether a machine can take a job has changed. */
  freed(): void;
};

export interface DevicesOptions {
  readonly config: Config;
  /** Adds a virtual plotter of this speed when no device is configured. */
  readonly simulateSpeed: number | null;
  readonly database: PlottyDatabase;
  readonly publisher: Publisher;
  readonly log: Logger;
}

const LOOK_FOR_BOARDS_MS = 2000;
/** What does not mend itself when a machine is switched on or plugged in. */
const NEEDS_A_PERSON: ReadonlySet<ErrorCode> = new Set([
  "device.port-denied",
  "device.port-busy",
  "device.not-ebb",
  "device.firmware-too-old",
]);

/** All machines of this host: those configured, or else every EBB that is found on USB. */
export class Devices implements DeviceService {
  readonly #options: DevicesOptions;
  readonly #machines = new Map<string, Machine>();
  #plots: PlotListener | null = null;
  readonly #news: DeviceNews;
  readonly #memory: DeviceMemory;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: DevicesOptions) {
    this.#options = options;
    const { config, simulateSpeed, publisher, log, database } = options;
    this.#news = new DeviceNews(publisher, log);
    this.#memory = new DeviceMemory(database, this.disk);
    const configured = [...config.devices];
    if (simulateSpeed !== null) configured.push(virtualPlotter(simulateSpeed, configured.length));
    for (const device of configured) this.#add(device);
  }

  /** @param plots hears what happens to jobs on the machines */
  start(plots: PlotListener): void {
    this.#plots = plots;
    for (const machine of this.#machines.values()) machine.start();
    if (this.#machines.size > 0) return;
    const look = () => void this.#lookForBoards();
    this.#looking = setInterval(look, LOOK_FOR_BOARDS_MS);
    look();
  }

  /** Between the machines and the disk. */
  get disk(): DiskPatience {
    return this.#news.disk;
  }

  all(): Machine[] {
    return [...this.#machines.values()];
  }

  list(): DeviceView[] {
    return this.all().map((machine) => machine.state.view());
  }

  get(id: string): DeviceView {
    return this.machine(id).state.view();
  }

  pid(id: string): number | undefined {
    return this.machine(id).pid;
  }

  machine(id: string): Machine {
    const machine = this.#machines.get(id);
    if (machine) return machine;
    const known = [...this.#machines.keys()];
    const rest = known.length > 0 ? `plotty knows ${known.join(", ")}` : "no machine is connected";
    throw new PlottyError("device.not-found", `no device "${id}": ${rest}`, { device: id });
  }

  async act(id: string, action: DeviceAction): Promise<DeviceView> {
    const machine = this.machine(id);
    try {
      if (action.type === "ready") this.#declare(machine, action.ready);
      else await operate(machine, action);
    } finally {
      this.changed(machine);
      this.#plots?.freed();
    }
    return machine.state.view();
  }

  /** A flag that is set while a job draws would let the next one be drawn over it. */
  #declare(machine: Machine, ready: boolean): void {
    const view = machine.state.view();
    if (ready && !canHaveFreshPaper(view)) {
      const job = view.job_id;
      const message = `${view.id} has ${job} on its paper: change the sheet when that has ended, then plotty ready ${view.id}`;
      throw new PlottyError("device.busy", message, { device: view.id, job });
    }
    this.setReady(machine, ready);
  }

  setReady(machine: Machine, ready: boolean): void {
    machine.state.isReady = ready;
    this.#memory.keep(machine);
  }

  /** A job took `actualS` where `plannedS` were planned: the next estimate for this machine leans on it. */
  learnTime(machine: Machine, plannedS: number, actualS: number): void {
    machine.state.learnTime(plannedS, actualS);
    this.#memory.keep(machine);
  }

  /** Keeps and tells the state of a machine. */
  changed(machine: Machine): void {
    this.#memory.keep(machine);
    this.#news.changed(machine);
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    this.#news.close();
    await Promise.all(this.all().map((machine) => machine.close()));
  }

  #add(device: DeviceConfig): Machine {
    const { config } = this.#options;
    const model = machineModel(device.model);
    const [name, pen] = Object.entries(config.pens)[0] ?? [];
    if (!name || !pen)
      throw new PlottyError("config.invalid", "the configuration has no pen: add one under pens:");
    if (this.#machines.has(device.id)) {
      throw new PlottyError(
        "config.invalid",
        `two devices have the id "${device.id}": give each its own under devices:`,
      );
    }
    const othersPorts = () =>
      this.all()
        .map((each) => each.state.device)
        .filter((each) => each.id !== device.id && each.port !== "auto")
        .map((each) => each.port);
    const machine = new Machine(device, penSettings(name, pen, model), othersPorts, this.#listener());
    this.#memory.recall(machine);
    this.#machines.set(device.id, machine);
    return machine;
  }

  #listener(): MachineListener {
    const { log } = this.#options;
    return {
      changed: (machine) => this.changed(machine),
      connected: (machine) => {
        const { firmware, port } = machine.state.info!;
        log.info({ device: machine.id, firmware, port }, "machine connected");
        if (machine.state.isFaulty)
          this.#news.alert(machine, "error", machine.state.reason ?? "the machine is faulty");
        queueMicrotask(() => this.#plots?.connected(machine));
      },
      lost: (machine, error, wasConnected) => {
        log.warn({ device: machine.id, code: error.code }, error.message);
        if (wasConnected || NEEDS_A_PERSON.has(error.code))
          this.#news.alert(machine, "warning", error.message);
        this.#plots?.lost(machine, error, wasConnected);
      },
      report: (machine, jobId, report) => this.#plots?.report(machine, jobId, report),
      inked: (machine, jobId) => {
        this.setReady(machine, false);
        this.#plots?.inked(machine, jobId);
      },
      stopped: (machine, stopped) => queueMicrotask(() => this.#plots?.stopped(machine, stopped)),
      button: (machine) => this.#plots?.button(machine),
      powered: (machine, isPowered) => this.#powered(machine, isPowered),
      trouble: (machine, jobId, error) => {
        log.error({ device: machine.id, job: jobId, code: error.code }, error.message);
        const advice =
          "the plot goes on, but after a crash it would be resumed from an older place: free some room";
        this.#news.alert(machine, "warning", `${error.message}; ${advice}`);
      },
    };
  }

  /** The job that is cut off by it has an alert of its own. */
  #powered(machine: Machine, isPowered: boolean): void {
    const { state } = machine;
    const home = state.isPositionLost ? "; push the carriage to the origin, then plotty device home" : "";
    if (isPowered) this.#news.alert(machine, "info", `the motors have power again${home}`);
    else if (!state.isDrawing) this.#news.alert(machine, "error", state.reason ?? "the motors have no power");
    if (isPowered) queueMicrotask(() => this.#plots?.freed());
  }

  async #lookForBoards(): Promise<void> {
    const boards = await findBoards().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, "cannot look for machines on USB");
      return [];
    });
    const present = [...this.#machines.keys()];
    for (const { id, port } of adoptBoards(boards, this.#memory.adopted(), present)) {
      const machine = this.#add({ id, driver: "ebb", port, model: "axidraw_v3", speed: 1 });
      this.#memory.keep(machine);
      machine.start();
    }
  }
}

function virtualPlotter(speed: number, index: number): DeviceConfig {
  const id = `virtual_${String(index + 1).padStart(3, "0")}`;
  return { id, driver: "virtual", port: "auto", model: "axidraw_v3", speed };
}
