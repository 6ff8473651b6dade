import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { type TestServer, testServer } from "../server/support.ts";
import { deviceView } from "../support/views.ts";
import { runPython } from "./run-python.ts";
import { runInPage, until } from "./sample-page.ts";
import { portTaken, pythonWithWebsockets, sample } from "./seeds.ts";

/** The port the orchestrator's samples name. */
const PORT = 8000;
const SECRET = "a secret of this test, long enough for HS256";

async function orchestrator(): Promise<TestServer> {
  return testServer({ config: { orchestrator: { enabled: true, port: PORT, jwt_secret: SECRET } } });
}

function accessToken(): Promise<string> {
  const key = new TextEncoder().encode(SECRET);
  return new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setExpirationTime("1h").sign(key);
}

/** The sample, or the reason why it cannot run here. */
async function ready(language: string, ...parts: string[]): Promise<{ code: string } | { missing: string }> {
  const found = sample(language, ...parts);
  const taken = await portTaken(PORT);
  return taken && !("missing" in found) ? { missing: taken } : found;
}

const listeners = (daemon: TestServer) => daemon.server.websocketStats().connections.open;

test("the live-jobs browser sample follows a job as it stands", async (context) => {
  const found = await ready("javascript", "/ws/live-jobs?token=' + accessToken", "updateJobStatus");
  if ("missing" in found) return context.skip(found.missing);
  const daemon = await orchestrator();
  const seen: string[] = [];
  let keepAlive = () => {};
  runInPage(found.code, {
    accessToken: await accessToken(),
    console: { log: (line: string) => seen.push(line), error: (line: string) => seen.push(line) },
    updateJobStatus: (id: string, status: string) => seen.push(`${id} is ${status}`),
    setInterval: (callback: () => void) => {
      keepAlive = callback;
    },
  });
  await until(
    () => seen.includes("Connected to live jobs stream"),
    "the connection",
    () => seen,
  );
  daemon.change("job-12345", "COMPLETED", { from_state: "RUNNING" });
  await until(
    () => seen.includes("job-12345 is completed"),
    "the job",
    () => seen,
  );
  expect(seen).toEqual([
    "Connected to live jobs stream",
    "Job job-12345: completed",
    "job-12345 is completed",
  ]);
  expect(keepAlive).toBeTypeOf("function");
});

test("the robot-status browser sample shows a robot and its going offline as it stands", async (context) => {
  const found = await ready("javascript", "/ws/robot-status?token=", "updateRobotCard");
  if ("missing" in found) return context.skip(found.missing);
  const daemon = await orchestrator();
  const cards: { id: string; status: string; cpu: number; memory: number }[] = [];
  const alerts: string[] = [];
  runInPage(found.code, {
    accessToken: await accessToken(),
    updateRobotCard: (id: string, card: { status: string; cpu: number; memory: number }) =>
      cards.push({ id, ...card }),
    showAlert: (text: string) => alerts.push(text),
  });
  await until(
    () => cards.length === 1,
    "the robot",
    () => cards,
  );
  expect(cards[0]).toMatchObject({
    id: "axidraw_001",
    status: "idle",
    cpu: expect.any(Number),
    memory: expect.any(Number),
  });
  daemon.devices.set("axidraw_001", deviceView("axidraw_001", { status: "disconnected" }));
  daemon.position("axidraw_001", 0, { status: "disconnected", seq: 1 });
  await until(
    () => alerts.length === 1,
    "the alert",
    () => cards,
  );
  expect(alerts).toEqual(["Robot axidraw_001 went offline"]);
});

test("the queue-metrics browser sample charts the depth at once and warns of a long queue as it stands", async (context) => {
  const found = await ready("javascript", "/ws/queue-metrics?token=", "updateQueueDepthChart");
  if ("missing" in found) return context.skip(found.missing);
  const daemon = await orchestrator();
  daemon.system.queue_length = 42;
  const depths: number[] = [];
  const warnings: string[] = [];
  runInPage(found.code, {
    accessToken: await accessToken(),
    updateQueueDepthChart: (depth: number) => depths.push(depth),
    showWarning: (text: string) => warnings.push(text),
  });
  await until(() => depths.length === 1, "the depth");
  daemon.system.queue_length = 101;
  daemon.change("a", "NEW", { from_state: null });
  await until(
    () => warnings.length === 1,
    "the warning",
    () => depths,
  );
  expect(depths).toEqual([42, 101]);
  expect(warnings).toEqual(["High queue depth: 101 jobs pending"]);
});

test("the metrics browser sample fills its dashboard as it stands, and comes back after a cut", async (context) => {
  const found = await ready("javascript", "class MetricsStreamClient");
  if ("missing" in found) return context.skip(found.missing);
  const daemon = await orchestrator();
  const fields: Record<string, { textContent: unknown }> = {};
  let reconnect: { callback: () => void; delayMs: number } | null = null;
  runInPage(found.code, {
    accessToken: await accessToken(),
    console: { log: () => {} },
    document: {
      getElementById: (id: string) => {
        fields[id] ??= { textContent: null };
        return fields[id];
      },
    },
    setTimeout: (callback: () => void, delayMs: number) => {
      reconnect = { callback, delayMs };
    },
  });
  await until(() => fields["jobs-today"] !== undefined, "the dashboard");
  const shown = Object.fromEntries(Object.entries(fields).map(([id, { textContent }]) => [id, textContent]));
  expect(shown).toEqual({ "robot-count": 1, "active-robots": 1, "queue-depth": 0, "jobs-today": 0 });
  await daemon.server.close();
  await until(() => reconnect !== null, "the planned reconnection");
  expect(reconnect).toMatchObject({ delayMs: 1000 });
});

test("the reconnecting sample hears a job, and stops at 4001 as it stands", async (context) => {
  const found = await ready("javascript", "class ReconnectingWebSocket");
  if ("missing" in found) return context.skip(found.missing);
  const daemon = await orchestrator();
  const seen: unknown[] = [];
  const page = {
    console: { log: (...words: unknown[]) => seen.push(...words), error: (text: string) => seen.push(text) },
    setTimeout: () => seen.push("reconnecting"),
  };
  runInPage(found.code, { ...page, token: await accessToken() });
  await until(() => listeners(daemon) === 1, "the connection");
  daemon.change("job-12345", "FAILED", { from_state: "RUNNING" });
  await until(
    () => seen.length === 2,
    "the job",
    () => seen,
  );
  expect(seen[1]).toMatchObject({ job_id: "job-12345", status: "failed" });
  seen.length = 0;
  runInPage(found.code, { ...page, token: "wrong" });
  await until(() => seen.length > 0, "the refusal");
  expect(seen).toEqual(["Authentication failed"]);
});

test("the live-jobs Python sample follows a job as it stands", async (context) => {
  const found = await ready("python", "async def listen_to_jobs");
  if ("missing" in found) return context.skip(found.missing);
  const python = pythonWithWebsockets();
  if ("missing" in python) return context.skip(python.missing);
  const daemon = await orchestrator();
  const program = runPython(python.command, `access_token = "${await accessToken()}"\n${found.code}`);
  await until(() => listeners(daemon) === 1, "the connection", program.output);
  daemon.change("job-12345", "COMPLETED", { from_state: "RUNNING" });
  daemon.change("job-12346", "FAILED", { from_state: "RUNNING" });
  await until(() => program.output().includes("job-12346"), "the jobs", program.output);
  expect(program.output()).toBe(
    "Connected to live jobs stream\nJob job-12345: completed\nJob job-12346: failed\n",
  );
});

test("the metrics Python sample prints an update as it stands", async (context) => {
  const found = await ready("python", "async def stream_metrics");
  if ("missing" in found) return context.skip(found.missing);
  const python = pythonWithWebsockets();
  if ("missing" in python) return context.skip(python.missing);
  const daemon = await orchestrator();
  daemon.system.queue_length = 15;
  const program = runPython(python.command, `access_token = "${await accessToken()}"\n${found.code}`);
  await until(() => program.output().includes("completed today"), "the metrics", program.output);
  expect(program.output()).toContain("Connected to metrics stream (interval=10s)\n");
  expect(program.output()).toContain(
    "  Robots: 1 total, 0 busy\n  Queue:  15 pending jobs\n  Jobs:   0 completed today\n",
  );
});
