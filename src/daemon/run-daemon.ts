import { join } from "node:path";
import { systemClock } from "../shared/clock.ts";
import { PlottyError } from "../shared/errors.ts";
import { clearAlerts, patientAlerts, watchAlerts } from "./alert-room.ts";
import { Bus } from "./bus.ts";
import { dataDir as findDataDir, loadConfig } from "./config.ts";
import type { Config } from "./config-schema.ts";
import { secretsOf } from "./config-secrets.ts";
import { openDatabase } from "./database.ts";
import { Devices } from "./device/devices.ts";
import { SqliteEventLog } from "./event-log.ts";
import { openHooks } from "./hook-room.ts";
import { JobBook } from "./jobs/job-book.ts";
import { Jobs } from "./jobs/job-service.ts";
import { logJobs } from "./jobs/log-jobs.ts";
import { planTargets } from "./jobs/machine-choice.ts";
import { Odometer } from "./jobs/odometer.ts";
import { Planner } from "./jobs/planner.ts";
import { findInterrupted, recoverJobs } from "./jobs/recover.ts";
import { Retention } from "./jobs/retention.ts";
import { Runner } from "./jobs/runner.ts";
import { JobStore } from "./jobs/store.ts";
import { Submissions } from "./jobs/submissions.ts";
import { createLog } from "./log.ts";
import { Publisher } from "./publisher.ts";
import { ConfigReloader } from "./reload.ts";
import { RobotKeyStore } from "./server/orchestrator/robot-key-store.ts";
import { startServer } from "./server/server.ts";
import { Spool } from "./server/spool.ts";
import { serviceManager } from "./service-manager.ts";
import { System } from "./system.ts";

/** As the command line gives them: text. */
export interface DaemonFlags {
  readonly host?: string;
  readonly port?: string;
  readonly config?: string;
  readonly logLevel?: string;
  readonly simulate?: boolean;
  readonly speed?: string;
}

/**
 * Builds the daemon room by room, serves until `stop`, and closes them in reverse. Throws `PlottyError` when it cannot start.
 *
 * @param whenUp is given what has the configuration read anew
 */
export async function runDaemon(
  flags: DaemonFlags,
  env: NodeJS.ProcessEnv,
  stop: AbortSignal,
  whenUp: (reload: () => void) => void = () => {},
): Promise<void> {
  const load = () => loadConfig({ flags: configFlags(flags), env, file: flags.config });
  const { config, file: configFile, warnings } = load();
  const simulateSpeed = flags.simulate ? speedOf(flags.speed) : null;
  const log = createLog(config.logging, process.stderr, () => secretsOf(config));
  const daemonLog = log.module("plotty.daemon");
  for (const warning of warnings) daemonLog.warn(warning);
  const clock = systemClock;
  const manager = serviceManager({ env, clock, log: daemonLog });
  const dataDir = findDataDir(config, env);
  const database = openDatabase(dataDir);
  try {
    const bus = new Bus((error, event) =>
      daemonLog.error({ err: error, type: event.type }, "a listener failed"),
    );
    const eventLog = new SqliteEventLog(database, clock, eventLogLimits(config));
    const publisher = new Publisher(bus, database, eventLog, clock);
    const store = new JobStore(database);
    const devices = new Devices({
      config,
      simulateSpeed,
      database,
      publisher,
      log: log.module("plotty.device"),
    });
    const alerts = patientAlerts(publisher, devices);
    const applied = () => {
      publisher.alerts.perMinute = config.alerts.rate_limit;
      log.configure(config.logging);
    };
    applied();
    const configuration = new ConfigReloader({ ...alerts, live: config, load, applied, log: daemonLog });
    const book = new JobBook(database, store, publisher, config.hooks);
    logJobs(book, log);
    const hooks = openHooks({ config, clock, database, bus, book, alerts, log });
    clearAlerts(bus, book, publisher, devices);
    const odometer = new Odometer(database, config.pens);
    const runner = new Runner({
      ...{ book, odometer, devices, config, dataDir, log: log.module("plotty.jobs") },
      planFor: (job, machine) => planner.againFor(job.id, machine),
    });
    const planner: Planner = new Planner({
      book,
      config,
      dataDir,
      targetsFor: (device) => planTargets(devices, config, device),
      log: log.module("plotty.jobs"),
      onQueued: () => runner.dispatch(),
    });
    const retention = new Retention({ book, queue: config.queue, dataDir, log: log.module("plotty.jobs") });
    const submissions = new Submissions(database);
    const spool = new Spool(join(dataDir, "uploads"));
    spool.clear();
    const jobs = new Jobs({ book, submissions, planner, runner, devices, config, dataDir });
    const system = new System({ clock, store, devices, eventLog, dataDir, configFile });
    const robotKeys = new RobotKeyStore(database, clock);
    const interrupted = await findInterrupted(store, dataDir);
    const server = await startServer({
      config,
      bus,
      eventLog,
      jobs,
      spool,
      devices,
      system,
      log,
      clock,
      robotKeys,
      alerts: publisher.alerts,
      configuration,
      hooks: hooks.executor,
      alert: alerts.raise,
      alertOver: alerts.over,
      env,
    });
    try {
      recoverJobs(book, planner, devices, interrupted);
      devices.start(runner);
      hooks.start();
      retention.soon();
      system.started();
      manager.ready(`listening on ${server.url}`);
      process.stdout.write(`plotty daemon listening on ${server.url}\n`);
      whenUp(() => reloadQuietly(configuration));
      const endWatch = watchAlerts({
        ...{ config, clock, publisher, alerts, book, devices, dataDir, log: daemonLog },
        queueDepth: () => system.view().queue_length,
        slowClients: () => server.websocketStats().closed_slow,
      });
      await aborted(stop);
      endWatch();
      system.stopping();
      manager.stopping();
      await runner.stop();
      // Side by side: the way home takes up to 3 s, the last hooks half of that.
      await Promise.all([planner.close(), devices.close(), hooks.close()]);
    } finally {
      await server.close();
    }
  } finally {
    database.close();
    await manager.close();
  }
}

/** Asked for by a signal: who sent it reads the log and the alert. */
function reloadQuietly(configuration: ConfigReloader): void {
  try {
    configuration.reload();
  } catch (error) {
    if (!(error instanceof PlottyError)) throw error;
  }
}

function configFlags(flags: DaemonFlags): Record<string, unknown> {
  const websocket = {
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.port === undefined ? {} : { port: portOf(flags.port) }),
  };
  return {
    ...(Object.keys(websocket).length > 0 ? { websocket } : {}),
    ...(flags.logLevel === undefined ? {} : { logging: { level: flags.logLevel } }),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new PlottyError("usage.invalid", `--port is a number from 0 to 65535, not "${text}"`);
}

function speedOf(text: string | undefined): number {
  const speed = Number(text ?? 1);
  if (Number.isFinite(speed) && speed > 0 && speed <= 1000) return speed;
  throw new PlottyError("usage.invalid", `--speed is a number above 0 and up to 1000, not "${text}"`);
}

function eventLogLimits(config: Config) {
  const { max_age_days, max_events } = config.websocket.event_log;
  return { maxAgeDays: max_age_days, maxEvents: max_events };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
