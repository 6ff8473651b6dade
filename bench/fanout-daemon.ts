import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bus } from "../src/daemon/bus.ts";
import { configSchema } from "../src/daemon/config-schema.ts";
import { openDatabase } from "../src/daemon/database.ts";
import { Devices } from "../src/daemon/device/devices.ts";
import { SqliteEventLog } from "../src/daemon/event-log.ts";
import { JobBook } from "../src/daemon/jobs/job-book.ts";
import { Jobs } from "../src/daemon/jobs/job-service.ts";
import { planTargets } from "../src/daemon/jobs/machine-choice.ts";
import { Odometer } from "../src/daemon/jobs/odometer.ts";
import { Planner } from "../src/daemon/jobs/planner.ts";
import { Runner } from "../src/daemon/jobs/runner.ts";
import { JobStore } from "../src/daemon/jobs/store.ts";
import { Submissions } from "../src/daemon/jobs/submissions.ts";
import { createLog } from "../src/daemon/log.ts";
import { Publisher } from "../src/daemon/publisher.ts";
import { RobotKeyStore } from "../src/daemon/server/orchestrator/robot-key-store.ts";
import { startServer } from "../src/daemon/server/server.ts";
import { Spool } from "../src/daemon/server/spool.ts";
import { System } from "../src/daemon/system.ts";
import { systemClock as clock, timestamp } from "../src/shared/clock.ts";
import { benchEvent } from "./fanout-event.ts";
import { serveBench } from "./fanout-serve.ts";
import { watchDaemon } from "./fanout-watch.ts";

/** All rooms of the daemon but a machine: what goes into its bus comes out of `/ws` as it does in production. */
const dataDir = mkdtempSync(join(tmpdir(), "plotty-bench-"));
const config = configSchema.parse({
  websocket: { port: 0, max_connections: 100_000, heartbeat_interval: 3600 },
});
const log = createLog({ level: "warn", modules: [] }, process.stderr);
const database = openDatabase(dataDir);
const bus = new Bus((error) => {
  throw error;
});
const eventLog = new SqliteEventLog(database, clock, { maxAgeDays: 30, maxEvents: 100_000 });
const publisher = new Publisher(bus, database, eventLog, clock);
const store = new JobStore(database);
const devices = new Devices({ config, simulateSpeed: null, database, publisher, log: log.module("device") });
const book = new JobBook(database, store, publisher, config.hooks);
const odometer = new Odometer(database, config.pens);
const runner = new Runner({
  ...{ book, odometer, devices, config, dataDir, log: log.module("jobs") },
  planFor: (job, machine) => planner.againFor(job.id, machine),
});
const planner: Planner = new Planner({
  book,
  config,
  dataDir,
  targetsFor: (device) => planTargets(devices, config, device),
  log: log.module("jobs"),
  onQueued: () => runner.dispatch(),
});
const submissions = new Submissions(database);
const spool = new Spool(`${dataDir}/uploads`);
const jobs = new Jobs({ book, submissions, planner, runner, devices, config, dataDir });
const system = new System({ clock, store, devices, eventLog, dataDir, configFile: null });
const robotKeys = new RobotKeyStore(database, clock);
const { alerts } = publisher;
const hooks = {
  test: async () => ({ results: [] }),
  undelivered: () => [],
  retry: async () => {},
  drop: () => {},
};
const configuration = { reload: () => ({ file: null, changed: [], after_restart: [], warnings: [] }) };
const server = await startServer({
  ...{
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
    alerts,
    configuration,
    hooks,
  },
});

serveBench(server.port, (events) => {
  for (let n = 0; n < events; n++) bus.publish(benchEvent());
});

/** Longer than any alert is, so that a client that reads nothing has its kernel's buffers full within a second or two. */
const FILLING = "x".repeat(64 * 1024);

watchDaemon(
  () => server.websocketStats(),
  () =>
    publisher.durable({
      type: "system_alert",
      timestamp: timestamp(clock),
      level: "info",
      message: "a long one",
      details: { filling: FILLING },
      id: randomUUID(),
      source: "bench",
    }),
);
