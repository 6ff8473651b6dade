import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { openDatabase } from "../../src/daemon/database.ts";
import { RobotKeyStore } from "../../src/daemon/server/orchestrator/robot-key-store.ts";
import { createdRobotKeySchema, robotKeyListSchema } from "../../src/shared/http-messages.ts";
import {
  liveJobSchema,
  queueDepthSchema,
  robotMetricsSchema,
  robotStatusSchema,
} from "../../src/shared/robot-messages.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { deviceView } from "../support/views.ts";
import { Listener } from "./stream-listener.ts";
import { changeEvent, MemoryEventLog, testServer } from "./support.ts";

const SECRET = "a secret of this test, long enough for HS256";
const DEV = { env: { JWT_DEV_MODE: "true" } };

function token(claims: { exp?: number | string }, secret = SECRET, alg = "HS256"): Promise<string> {
  const jwt = new SignJWT({}).setProtectedHeader({ alg });
  if (claims.exp !== undefined) jwt.setExpirationTime(claims.exp);
  return jwt.sign(new TextEncoder().encode(secret));
}

test("live-jobs tells each change of a job's status once, with the seed's three fields and nothing else", async () => {
  const daemon = await testServer(DEV);
  const listener = await new Listener(daemon, "live-jobs").opened();
  await listener.settle();
  daemon.change("job-12345", "NEW", { from_state: null });
  daemon.change("job-12345", "PLANNING", { from_state: "NEW" });
  daemon.change("job-12345", "QUEUED", { from_state: "PLANNING" });
  daemon.bus.publish({
    type: "job_claimed",
    timestamp: "2026-11-22T12:00:00.000Z",
    job_id: "job-12345",
    device_id: "axidraw_001",
  });
  daemon.change("job-12345", "RUNNING");
  daemon.change("job-12345", "PAUSED", { from_state: "RUNNING" });
  daemon.change("job-12345", "RUNNING", { from_state: "PAUSED" });
  daemon.change("job-12345", "COMPLETED", { from_state: "RUNNING" });
  await listener.until(() => listener.messages.length === 4, "four statuses");
  expect(listener.messages.map(({ status }) => status)).toEqual([
    "pending",
    "claimed",
    "running",
    "completed",
  ]);
  for (const message of listener.messages) liveJobSchema.parse(message);
  expect(Object.keys(listener.messages[0]!)).toEqual(["job_id", "status", "timestamp"]);
});

test("robot-status tells every robot at connect, on change and every 5 s", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ ...DEV, clock });
  daemon.devices.set("axidraw_002", deviceView("axidraw_002", { status: "disconnected" }));
  const listener = new Listener(daemon, "robot-status");
  await listener.until(() => listener.messages.length === 2, "both robots");
  expect(listener.messages).toMatchObject([
    { robot_id: "axidraw_001", status: "idle" },
    { robot_id: "axidraw_002", status: "offline" },
  ]);
  for (const message of listener.messages)
    expect(robotStatusSchema.parse(message).memory_mb).toBeGreaterThan(1);
  daemon.position("axidraw_001", 0, { status: "paused", seq: 1 });
  await listener.until(() => listener.messages.length === 3, "the change");
  expect(listener.messages[2]).toMatchObject({ robot_id: "axidraw_001", status: "busy" });
  clock.advance(5000);
  await listener.until(() => listener.messages.length === 5, "the heartbeat");
});

test("queue-metrics tells the depth at connect, on change and every 5 s", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ ...DEV, clock });
  daemon.system.queue_length = 42;
  const listener = new Listener(daemon, "queue-metrics");
  await listener.until(() => listener.messages.length === 1, "the depth");
  daemon.system.queue_length = 43;
  daemon.change("a", "NEW", { from_state: null });
  daemon.change("a", "PLANNING", { from_state: "NEW" });
  await listener.until(() => listener.messages.length === 2, "the change");
  clock.advance(5000);
  await listener.until(() => listener.messages.length === 3, "the heartbeat");
  expect(listener.messages.map((message) => queueDepthSchema.parse(message).depth)).toEqual([42, 43, 43]);
});

test("metrics/stream tells at once and every interval; its sums add up; today's jobs survive a restart", async () => {
  const clock = new ManualClock();
  const eventLog = new MemoryEventLog();
  const at = (offsetMs: number) => new Date(clock.wallMs() + offsetMs).toISOString();
  eventLog.append(changeEvent("old", "COMPLETED", { from_state: "RUNNING", timestamp: at(-26 * 3_600_000) }));
  eventLog.append(changeEvent("a", "QUEUED", { from_state: "PLANNING", timestamp: at(-9000) }));
  eventLog.append(changeEvent("a", "RUNNING", { timestamp: at(-4000) }));
  eventLog.append(changeEvent("a", "COMPLETED", { from_state: "RUNNING", timestamp: at(-1000) }));
  const daemon = await testServer({ ...DEV, clock, eventLog });
  daemon.devices.set("b", deviceView("b", { status: "busy" }));
  daemon.devices.set("c", deviceView("c", { status: "error" }));
  Object.assign(daemon.system, { queue_length: 15, active_jobs: 1 });
  daemon.change("f", "FAILED", { from_state: "RUNNING", timestamp: at(0) });
  const listener = new Listener(daemon, "metrics/stream?interval=2&environment=production");
  await listener.until(() => listener.messages.length === 1, "the first metrics");
  const metrics = robotMetricsSchema.parse(listener.messages[0]);
  expect(metrics.environment).toBe("production");
  expect(metrics.data).toEqual({
    robots: { total: 3, active: 2, idle: 1, busy: 1, offline: 1 },
    jobs: { pending: 15, running: 1, completed_today: 1, failed_today: 1 },
    queue: { depth: 15, avg_wait_time_ms: 5000 },
    system: { uptime_seconds: 3600, version: "0.1.0" },
  });
  clock.advance(2000);
  await listener.until(() => listener.messages.length === 2, "the second");
  clock.advance(24 * 3_600_000);
  const tomorrow = new Listener(daemon, "metrics/stream");
  await tomorrow.until(() => tomorrow.messages.length === 1, "metrics of the next day");
  expect(robotMetricsSchema.parse(tomorrow.messages[0]).data.jobs).toMatchObject({
    completed_today: 0,
    failed_today: 0,
  });
});

test("an interval that is no number from 1 to 60 closes with 1008 and a reason", async () => {
  const daemon = await testServer(DEV);
  for (const interval of ["0", "61", "-1", "five", ""]) {
    const listener = new Listener(daemon, `metrics/stream?interval=${interval}`);
    await listener.until(() => listener.closed !== null, "the close");
    expect(listener.closed, interval).toEqual({ code: 1008, reason: "interval must be 1 to 60 seconds" });
    expect(listener.messages).toEqual([]);
  }
});

test("a valid token is let in; without one, with a foreign, an endless or an expired one it is 4001", async () => {
  const daemon = await testServer({ config: { orchestrator: { jwt_secret: SECRET } } });
  const good = new Listener(daemon, `queue-metrics?token=${await token({ exp: "1h" })}`);
  await good.until(() => good.messages.length === 1, "the depth");
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from('{"exp":9999999999}').toString("base64url")}.`;
  const bad = [
    "",
    `token=${await token({ exp: "1h" }, "another secret, just as long as it")}`,
    `token=${await token({})}`,
    `token=${await token({ exp: Math.floor(Date.now() / 1000) - 5 })}`,
    `token=${unsigned}`,
  ];
  for (const query of bad) {
    const listener = new Listener(daemon, `queue-metrics?${query}`);
    await listener.until(() => listener.closed !== null, `a refusal of ${query}`);
    expect(listener.closed!.code, query).toBe(4001);
    expect(listener.messages).toEqual([]);
  }
});

test("a token that ends while its client is connected closes it with 4001 at that moment", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock, config: { orchestrator: { jwt_secret: SECRET } } });
  const exp = Math.floor(clock.wallMs() / 1000) + 8;
  const listener = new Listener(daemon, `queue-metrics?token=${await token({ exp })}`);
  await listener.until(() => listener.messages.length === 1, "the depth");
  clock.advance(7_999);
  await listener.settle();
  expect(listener.closed).toBeNull();
  clock.advance(1);
  await listener.until(() => listener.closed !== null, "the end");
  expect(listener.closed).toEqual({ code: 4001, reason: "the token has expired" });
});

test("JWT_DEV_MODE lets in clients without a token and still refuses a wrong one", async () => {
  const daemon = await testServer({ ...DEV, config: { orchestrator: { jwt_secret: SECRET } } });
  await new Listener(daemon, "live-jobs").opened();
  const wrong = new Listener(daemon, "live-jobs?token=abc");
  await wrong.until(() => wrong.closed !== null, "a refusal");
  expect(wrong.closed!.code).toBe(4001);
});

test("with a public key only that algorithm counts: a token signed with the key's text as a secret is refused", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const daemon = await testServer({
    config: { orchestrator: { jwt_algorithm: "ES256", jwt_public_key: pem } },
  });
  const signed = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256" })
    .setExpirationTime("1h")
    .sign(privateKey);
  await new Listener(daemon, `live-jobs?token=${signed}`).opened();
  const forged = new Listener(daemon, `live-jobs?token=${await token({ exp: "1h" }, pem)}`);
  await forged.until(() => forged.closed !== null, "a refusal");
  expect(forged.closed!.code).toBe(4001);
});

test("a public key that is none keeps the daemon from starting, with the key's name", async () => {
  const orchestrator = {
    jwt_algorithm: "RS256",
    jwt_public_key: "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----",
  };
  await expect(testServer({ config: { orchestrator } })).rejects.toMatchObject({
    code: "config.invalid",
    message: "orchestrator.jwt_public_key is no RS256 public key in PEM form",
  });
});

test("a robot key is shown once, let in while it is valid and cut within 10 s of its revocation", async () => {
  const clock = new ManualClock();
  const directory = mkdtempSync(join(tmpdir(), "plotty-keys-"));
  const database = openDatabase(directory);
  onTestFinished(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });
  const daemon = await testServer({ clock, robotKeys: new RobotKeyStore(database, clock) });
  const keys = daemon.http("/api/v1/apikeys");
  const answer = await fetch(keys, { method: "POST", body: '{"name":"bench robot"}' });
  expect(answer.status).toBe(201);
  const made = createdRobotKeySchema.parse(await answer.json());
  expect(made.key).toMatch(/^crpa_[A-Za-z0-9_-]{43}$/);
  expect(made).toMatchObject({ name: "bench robot", role: "robot", last_used: null });
  const listener = new Listener(daemon, `queue-metrics?token=${made.key}`);
  await listener.until(() => listener.messages.length === 1, "the depth");
  const listed = await (await fetch(keys)).text();
  expect(robotKeyListSchema.parse(JSON.parse(listed)).keys).toMatchObject([
    { id: made.id, last_used: "2026-11-22T12:00:00.000Z" },
  ]);
  expect(listed).not.toContain(made.key);
  expect(JSON.stringify(database.sql.prepare("SELECT * FROM robot_keys").all())).not.toContain(
    made.key.slice(5),
  );
  expect((await fetch(`${keys}/${made.id}`, { method: "DELETE" })).status).toBe(204);
  expect((await fetch(`${keys}/${made.id}`, { method: "DELETE" })).status).toBe(404);
  clock.advance(10_000);
  await listener.until(() => listener.closed !== null, "the end");
  expect(listener.closed!.code).toBe(4001);
  const again = new Listener(daemon, `queue-metrics?token=${made.key}`);
  await again.until(() => again.closed !== null, "a refusal");
  expect(again.closed!.code).toBe(4001);
});

test("ping is answered pong, a silent client is pinged every 20 s and cut 10 s later, a binary frame is 1003", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ ...DEV, clock });
  const listener = await new Listener(daemon, "live-jobs").opened();
  await listener.settle();
  expect(listener.texts).toEqual(["pong"]);
  const dead = new WebSocket(`ws://localhost:${daemon.server.port}/api/v1/ws/live-jobs`, { autoPong: false });
  await new Promise((resolve) => dead.once("open", resolve));
  const pinged = new Promise((resolve) => dead.once("ping", resolve));
  const ended = new Promise((resolve) => dead.once("close", resolve));
  clock.advance(20_000);
  await pinged;
  await listener.settle();
  clock.advance(10_000);
  expect(await ended).toBe(1006);
  listener.socket.send(Buffer.from([1]));
  await listener.until(() => listener.closed !== null, "the end");
  expect(listener.closed!.code).toBe(1003);
});

test("what is published over HTTP reaches the streams, and a robot that falls silent goes offline", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ ...DEV, clock });
  const publish = (body: unknown) =>
    fetch(daemon.http("/api/v1/events"), { method: "POST", body: JSON.stringify(body) });
  const jobs = await new Listener(daemon, "live-jobs").opened();
  const robots = new Listener(daemon, "robot-status");
  const queue = new Listener(daemon, "queue-metrics");
  await robots.until(() => robots.messages.length === 1, "the plotter");
  await queue.until(() => queue.messages.length === 1, "the depth");
  expect(
    (await publish({ type: "job_status_changed", job_id: "job-12345", status: "completed" })).status,
  ).toBe(202);
  const robot = { robot_id: "robot-001", status: "busy", cpu_percent: 45.2, memory_mb: 1024.5 };
  expect((await publish({ type: "robot_heartbeat", ...robot })).status).toBe(202);
  expect((await publish({ type: "queue_depth_changed", depth: 42 })).status).toBe(202);
  await jobs.until(() => jobs.messages.length === 1, "the job");
  await robots.until(() => robots.messages.length === 2, "the robot");
  await queue.until(() => queue.messages.length === 2, "the depth");
  expect(jobs.messages[0]).toMatchObject({ job_id: "job-12345", status: "completed" });
  expect(robots.messages[1]).toMatchObject(robot);
  expect(queue.messages[1]).toMatchObject({ depth: 42 });
  clock.advance(35_000);
  const later = new Listener(daemon, "robot-status");
  await later.until(() => later.messages.length === 2, "both robots");
  expect(later.messages[1]).toMatchObject({ robot_id: "robot-001", status: "offline" });
  const wrong = await publish({ type: "robot_heartbeat", robot_id: "a", status: "asleep" });
  expect(wrong.status).toBe(400);
});

test("the streams are on the second port too when it is free; when not, the daemon warns and runs on", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  const warned = await testServer({ ...DEV, config: { orchestrator: { enabled: true, port } } });
  expect(warned.logged.join("")).toContain(`cannot listen on orchestrator.port ${port}`);
  await new Listener(warned, "live-jobs").opened();
  await new Promise((resolve) => probe.close(resolve));
  const both = await testServer({ ...DEV, config: { orchestrator: { enabled: true, port } } });
  await new Listener(both, "live-jobs", port).opened();
  expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);
  expect((await fetch(`http://localhost:${port}/api/v1/ws/live-jobs`)).status).toBe(426);
  expect(both.server.websocketStats().connections.by_endpoint).toEqual({ "/api/v1/ws/live-jobs": 1 });
});
