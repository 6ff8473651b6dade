import { readdirSync, readFileSync, statfsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What is measured of the host; null where it cannot be. */
export interface HostFigures {
  readonly queueDepth: number;
  readonly temperatureC: number | null;
  readonly diskFreeMb: number | null;
  readonly eventLoopLagMs: number;
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
