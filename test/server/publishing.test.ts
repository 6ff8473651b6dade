import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/daemon/database.ts";
import { RobotKeyStore } from "../../src/daemon/server/orchestrator/robot-key-store.ts";
import { EventBus, MonitoringEventType } from "../../src/daemon/server/publishing/event-bus.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { dataDir } from "../support/data-dir.ts";
import { cleanEnv } from "../support/run-plotty.ts";
import { Listener } from "./stream-listener.ts";
import { testServer } from "./support.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const DEV = { env: { JWT_DEV_MODE: "true" } };

const PROGRAM = `
import { broadcastJobUpdate, broadcastQueueMetrics, broadcastRobotStatus, EventBus, MonitoringEventType } from "plotty";
await broadcastJobUpdate({ jobId: "job-12345", status: "completed" });
await broadcastRobotStatus({ robotId: "robot-001", status: "busy", cpuPercent: 45.2, memoryMb: 1024.5 });
await broadcastQueueMetrics({ depth: 42 });
const bus = new EventBus();
bus.subscribe(MonitoringEventType.QUEUE_DEPTH_CHANGED, (event) => console.log("told", event.depth));
await bus.publish({ type: MonitoringEventType.QUEUE_DEPTH_CHANGED, depth: 43 });
`;

test("a program that imports the built package publishes to the daemon at PLOTTY_URL", async () => {
  const daemon = await testServer(DEV);
  const jobs = await new Listener(daemon, "live-jobs").opened();
  const robots = new Listener(daemon, "robot-status");
  const queue = new Listener(daemon, "queue-metrics");
  await robots.until(() => robots.messages.length > 0, "the plotter");
  await queue.until(() => queue.messages.length > 0, "the depth");
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    cwd: ROOT,
    env: cleanEnv({ PLOTTY_URL: daemon.server.url }),
  });
  expect(stdout).toBe("told 43\n");
  // The daemon's own depth, 0, is told again every five seconds.
  const depths = () => queue.messages.map(({ depth }) => depth).filter((depth) => depth !== 0);
  await queue.until(() => depths().length === 2, "both depths");
  expect(jobs.messages).toMatchObject([{ job_id: "job-12345", status: "completed" }]);
  expect(robots.messages.find(({ robot_id }) => robot_id === "robot-001")).toMatchObject({
    robot_id: "robot-001",
    status: "busy",
    cpu_percent: 45.2,
    memory_mb: 1024.5,
  });
  expect(depths()).toEqual([42, 43]);
  const metrics = new Listener(daemon, "metrics/stream");
  await metrics.until(() => metrics.messages.length > 0, "the metrics");
  expect(metrics.messages[0]).toMatchObject({ data: { robots: { total: 2, active: 2, idle: 1, busy: 1 } } });
});

test("without PLOTTY_URL the daemon in this process takes what is published", async (context) => {
  if (process.env.PLOTTY_URL !== undefined) return context.skip("PLOTTY_URL is set here");
  const daemon = await testServer(DEV);
  const jobs = await new Listener(daemon, "live-jobs").opened();
  await new EventBus().publish({ type: "job_status_changed", job_id: "a", status: "running" });
  await jobs.until(() => jobs.messages.length === 1, "the job");
  expect(jobs.messages[0]).toMatchObject({ job_id: "a", status: "running" });
});

test("an event that is none is refused before it is sent, and a daemon that is not there is named", async () => {
  const bus = new EventBus({ url: "ws://localhost:1/ws" });
  const type = MonitoringEventType.QUEUE_DEPTH_CHANGED;
  await expect(bus.publish({ type, depth: -1 })).rejects.toMatchObject({
    code: "request.invalid",
    details: { field: "depth" },
  });
  await expect(bus.publish({ type, depth: 1 })).rejects.toMatchObject({
    code: "daemon.unreachable",
    message: expect.stringContaining("ws://localhost:1/ws"),
  });
});

test("where the daemon wants a key a robot's own will do for publishing, a viewer's and a wrong one will not", async () => {
  const database = openDatabase(dataDir());
  const robotKeys = new RobotKeyStore(database, systemClock);
  const daemon = await testServer({
    ...DEV,
    robotKeys,
    websocket: { authenticate: true, api_key: "secret" },
  });
  const publish = (apiKey?: string) =>
    new EventBus({ url: daemon.server.url, apiKey }).publish({ type: "queue_depth_changed", depth: 1 });
  await publish("secret");
  await publish(robotKeys.create("arm", "robot").key);
  await expect(publish(robotKeys.create("screen", "viewer").key)).rejects.toMatchObject({
    code: "auth.forbidden",
  });
  await expect(publish("crpa_wrong")).rejects.toMatchObject({ code: "auth.wrong-key" });
  await expect(publish()).rejects.toMatchObject({ code: "auth.missing-key" });
  database.close();
});
