import type { Clock } from "../shared/clock.ts";
import type { NewAlert } from "./alert-book.ts";
import { AlertWatch } from "./alert-watch.ts";
import type { Bus } from "./bus.ts";
import type { Config } from "./config-schema.ts";
import type { Devices } from "./device/devices.ts";
import type { MachineState } from "./device/machine-state.ts";
import { hostMeter } from "./host-meter.ts";
import type { JobBook } from "./jobs/job-book.ts";
import { WaitingJobs } from "./jobs/waiting-jobs.ts";
import type { Logger } from "./log.ts";
import type { Publisher } from "./publisher.ts";
import { Rounds } from "./rounds.ts";

/** Raising and ending alerts, also while the disk takes nothing: then they wait. */
export interface Alerts {
  readonly raise: (alert: NewAlert) => void;
  readonly over: (key: string, message: string) => void;
}

export function patientAlerts(publisher: Publisher, { disk }: Devices): Alerts {
  return {
    raise: (alert) => disk.insist(() => publisher.alert(alert)),
    over: (key, message) => disk.insist(() => publisher.alertOver(key, "info", message)),
  };
}

/** What was told of a job is over when it goes on; of a machine, when it is well. */
export function clearAlerts(bus: Bus, book: JobBook, { alerts }: Publisher, { disk }: Devices): void {
  book.watch((job) => disk.insist(() => alerts.clearJob(job.id)));
  bus.subscribe((event) => {
    if (event.type === "job_removed") disk.insist(() => alerts.clearJob(event.job_id));
    if (event.type !== "device_status" || event.seq === undefined) return;
    const isWell = event.status !== "error" && event.status !== "disconnected";
    if (isWell) disk.insist(() => alerts.clearDevice(event.device_id));
  });
}

const LOOK_EVERY_MS = 10_000;

export interface WatchParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly alerts: Alerts;
  readonly book: JobBook;
  readonly devices: Devices;
  readonly dataDir: string;
  readonly log: Logger;
  readonly queueDepth: () => number;
  /** Since the daemon began. */
  readonly slowClients: () => number;
}

/** Looks at the host, the machines and the queue every ten seconds. @returns what ends it */
export function watchAlerts(parts: WatchParts): () => void {
  const { config, clock, publisher, alerts, book, devices } = parts;
  const meter = hostMeter(parts.dataDir, parts.queueDepth);
  const measure = () => ({
    ...meter.measure(),
    starvedTotal: devices.all().reduce((sum, { state }) => sum + stuttersOf(state), 0),
    slowClientsTotal: parts.slowClients(),
  });
  const isUnderWay = (key: string) => publisher.alerts.underWay(key) !== null;
  const limits = config.alerts;
  const watch = new AlertWatch({ limits, clock, measure, desk: { ...alerts, isUnderWay } });
  const waiting = new WaitingJobs({ store: book.store, devices, clock, limits, raise: alerts.raise });
  const look = () => {
    watch.look();
    waiting.look();
  };
  const onError = (error: unknown) => parts.log.error({ err: error }, "the watch could not look");
  const rounds = new Rounds(clock, LOOK_EVERY_MS, look, onError);
  rounds.start();
  return () => {
    rounds.stop();
    meter.stop();
  };
}

/** On a virtual plotter that runs many times faster than real a stutter spoils nothing. */
function stuttersOf({ device, starvations }: MachineState): number {
  return device.driver === "virtual" ? 0 : starvations;
}
