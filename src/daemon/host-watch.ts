import { readdirSync, readFileSync, statfsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../shared/clock.ts";
import type { Config } from "./config-schema.ts";
import type { NewAlert } from "./publisher.ts";

/** What is measured of the host; null where it cannot be. */
export interface HostFigures {
  readonly queueDepth: number;
  readonly temperatureC: number | null;
  readonly diskFreeMb: number | null;
  readonly eventLoopLagMs: number;
}

export interface HostWatchOptions {
  readonly limits: Config["alerts"];
  readonly clock: Clock;
  readonly measure: () => HostFigures;
  readonly alert: (alert: NewAlert) => void;
}

interface Rule {
  readonly name: string;
  /** Past the limit: an alert. Back inside `clears`: it is over. Between the two nothing changes. */
  readonly isOver: (figures: HostFigures) => boolean;
  readonly isWell: (figures: HostFigures) => boolean;
  readonly tell: (figures: HostFigures) => Pick<NewAlert, "message" | "details">;
  readonly well: string;
}

const EVERY_MS = 10_000;
const MOST_LAG_MS = 1000;

/** Raises an alert once when a figure of the host goes over its limit, and says once when it is over again. */
export class HostWatch {
  readonly #options: HostWatchOptions;
  readonly #rules: readonly Rule[];
  readonly #raised = new Set<string>();
  #cancel: () => void = () => undefined;

  constructor(options: HostWatchOptions) {
    this.#options = options;
    this.#rules = rulesFor(options.limits);
  }

  start(): void {
    this.look();
    this.#cancel = this.#options.clock.after(EVERY_MS, () => this.start());
  }

  stop(): void {
    this.#cancel();
  }

  look(): void {
    const figures = this.#options.measure();
    for (const rule of this.#rules) {
      const isRaised = this.#raised.has(rule.name);
      if (!isRaised && rule.isOver(figures)) {
        this.#raised.add(rule.name);
        this.#options.alert({ level: "warning", source: "host", ...rule.tell(figures) });
      } else if (isRaised && rule.isWell(figures)) {
        this.#raised.delete(rule.name);
        this.#options.alert({ level: "info", source: "host", message: rule.well });
      }
    }
  }
}

function rulesFor({ queue_depth, host_temperature_c, disk_free_mb }: Config["alerts"]): Rule[] {
  return [
    {
      name: "queue",
      isOver: ({ queueDepth }) => queueDepth > queue_depth,
      isWell: ({ queueDepth }) => queueDepth <= queue_depth * 0.9,
      tell: ({ queueDepth }) => ({
        message: `${queueDepth} jobs wait in the queue, more than ${queue_depth}`,
        details: { queue_depth: queueDepth, threshold: queue_depth },
      }),
      well: "the queue is short again",
    },
    {
      name: "temperature",
      isOver: ({ temperatureC }) => temperatureC !== null && temperatureC > host_temperature_c,
      isWell: ({ temperatureC }) => temperatureC !== null && temperatureC < host_temperature_c - 5,
      tell: ({ temperatureC }) => ({
        message: `the host is ${temperatureC} °C warm, more than ${host_temperature_c} °C: see to its cooling`,
        details: { temperature: temperatureC, threshold: host_temperature_c },
      }),
      well: "the host has cooled down",
    },
    {
      name: "disk",
      isOver: ({ diskFreeMb }) => diskFreeMb !== null && diskFreeMb < disk_free_mb,
      isWell: ({ diskFreeMb }) => diskFreeMb !== null && diskFreeMb > disk_free_mb * 1.1,
      tell: ({ diskFreeMb }) => ({
        message: `only ${diskFreeMb} MB are free where the jobs are kept: make room, or nothing more can be added`,
        details: { disk_free_mb: diskFreeMb, threshold: disk_free_mb },
      }),
      well: "there is room on the disk again",
    },
    {
      name: "lag",
      isOver: ({ eventLoopLagMs }) => eventLoopLagMs > MOST_LAG_MS,
      isWell: ({ eventLoopLagMs }) => eventLoopLagMs < MOST_LAG_MS / 5,
      tell: ({ eventLoopLagMs }) => ({
        message: `the daemon was held up for ${Math.round(eventLoopLagMs)} ms: the host has too much to do (drawing goes on undisturbed)`,
        details: { event_loop_lag_ms: Math.round(eventLoopLagMs), threshold: MOST_LAG_MS },
      }),
      well: "the daemon keeps up again",
    },
  ];
}

/** Measures this host. @param dataDir the disk that matters */
export function hostMeter(
  dataDir: string,
  queueDepth: () => number,
): { measure: () => HostFigures; stop: () => void } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const measure = () => {
    const eventLoopLagMs = Number.isFinite(delay.max) ? delay.max / 1e6 : 0;
    delay.reset();
    return {
      queueDepth: queueDepth(),
      temperatureC: hottestZone("/sys/class/thermal"),
      diskFreeMb: freeMb(dataDir),
      eventLoopLagMs,
    };
  };
  return { measure, stop: () => delay.disable() };
}

/** The warmest of the host's thermal zones, °C. An EBB has no thermometer; nothing is invented in its place. */
export function hottestZone(folder: string): number | null {
  const temperatures = zonesOf(folder)
    .map((zone) => milliDegrees(`${folder}/${zone}/temp`))
    .filter((value) => value !== null && value > 0 && value < 150_000);
  return temperatures.length > 0 ? Math.round(Math.max(...(temperatures as number[])) / 100) / 10 : null;
}

function zonesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith("thermal_zone"));
  } catch {
    return []; // this system does not show its thermometers
  }
}

function milliDegrees(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return null; // a sensor that is switched off cannot be read
  }
}

function freeMb(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return Math.floor((bavail * bsize) / 1_048_576);
  } catch {
    return null; // not every file system can tell
  }
}
