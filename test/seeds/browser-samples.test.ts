import { SignJWT } from "jose";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type TestServer, testServer } from "../server/support.ts";
import { deviceView } from "../support/views.ts";
import { openBrowser } from "./chromium.ts";
import { until } from "./sample-page.ts";
import { SEED_PORT, sample } from "./seeds.ts";

const ORCHESTRATOR_PORT = 8000;
const SECRET = "a secret of this test, long enough for HS256";

function accessToken(): Promise<string> {
  const key = new TextEncoder().encode(SECRET);
  return new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setExpirationTime("1h").sign(key);
}

/** Functions that the samples expect in their page: each call is kept. */
const PAGE_FUNCTIONS = `
  window.seen = [];
  for (const name of ["updateProgressBar", "showAlert", "showWarning", "updateJobStatus", "updateRobotCard", "updateQueueDepthChart"]) {
    window[name] = (...values) => window.seen.push([name, ...values]);
  }
  for (const id of ["robot-count", "active-robots", "queue-depth", "jobs-today"]) {
    const element = document.createElement("b");
    element.id = id;
    document.body.append(element);
  }
`;

/** What a page has kept so far; one that came with the daemon's own origin, as a dashboard would. */
async function openPage(page: Page, port: number, ...scripts: string[]): Promise<() => Promise<unknown[][]>> {
  await page.goto(`http://localhost:${port}/healthz`);
  for (const content of [PAGE_FUNCTIONS, ...scripts]) await page.addScriptTag({ content });
  return () => page.evaluate("window.seen");
}

async function eventually(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const open = (daemon: TestServer) => daemon.server.websocketStats().connections.open;

test("in a real browser the /ws sample follows a job, its progress and an alert as it stands", async (context) => {
  const found = sample("javascript", "localhost:8766/ws", "updateProgressBar(message)");
  if ("missing" in found) return context.skip(found.missing);
  const daemon = await testServer();
  const opened = await openBrowser({ [SEED_PORT]: daemon.server.port });
  if ("missing" in opened) return context.skip(opened.missing);
  const page = await opened.browser.newPage();
  const lines: string[] = [];
  page.on("console", (message) => lines.push(message.text()));
  const seen = await openPage(page, SEED_PORT, found.code);
  await until(() => daemon.server.websocketStats().connections.by_channel.jobs === 1, "its subscription");
  daemon.change("my_design_001", "RUNNING");
  daemon.progress("my_design_001", 0.45);
  daemon.alert("Device temperature high");
  await eventually(async () => (await seen()).length === 2, "two calls in the page");
  expect(await seen()).toMatchObject([
    ["updateProgressBar", { progress: 0.45 }],
    ["showAlert", { message: "Device temperature high" }],
  ]);
  expect(lines).toContain("Job my_design_001: QUEUED → RUNNING");
});

test("in a real browser all four orchestrator samples show what they should as they stand", async (context) => {
  const samples = [
    sample("javascript", "/ws/live-jobs?token=' + accessToken", "updateJobStatus"),
    sample("javascript", "/ws/robot-status?token=", "updateRobotCard"),
    sample("javascript", "/ws/queue-metrics?token=", "updateQueueDepthChart"),
    sample("javascript", "class MetricsStreamClient"),
  ];
  const daemon = await testServer({ config: { orchestrator: { jwt_secret: SECRET } } });
  const opened = await openBrowser({ [ORCHESTRATOR_PORT]: daemon.server.port });
  if ("missing" in opened) return context.skip(opened.missing);
  daemon.system.queue_length = 42;
  const token = `const accessToken = "${await accessToken()}";`;
  const pages: { page: Page; seen: () => Promise<unknown[][]> }[] = [];
  for (const found of samples) {
    if ("missing" in found) return context.skip(found.missing);
    const page = await opened.browser.newPage();
    pages.push({ page, seen: await openPage(page, ORCHESTRATOR_PORT, token, found.code) });
  }
  await until(() => open(daemon) === 4, "four connections");
  const [jobs, robots, queue, metrics] = pages;
  await eventually(async () => (await robots!.seen()).length > 0, "the robot's card");
  daemon.change("job-12345", "COMPLETED", { from_state: "RUNNING" });
  daemon.devices.set("axidraw_001", deviceView("axidraw_001", { status: "disconnected" }));
  daemon.position("axidraw_001", 0, { status: "disconnected", seq: 99 });
  await eventually(async () => (await jobs!.seen()).length === 1, "the job");
  expect(await jobs!.seen()).toEqual([["updateJobStatus", "job-12345", "completed"]]);
  await eventually(async () => (await robots!.seen()).some(([name]) => name === "showAlert"), "the alert");
  expect(await robots!.seen()).toContainEqual(["showAlert", "Robot axidraw_001 went offline"]);
  await eventually(async () => (await queue!.seen()).length > 0, "the depth");
  expect((await queue!.seen())[0]!.slice(0, 2)).toEqual(["updateQueueDepthChart", 42]);
  const shown = () => metrics!.page.textContent("#queue-depth");
  await eventually(async () => (await shown()) === "42", "the dashboard");
});

test("in a real browser the reconnecting sample comes back after a restart, and stops at a wrong token", async (context) => {
  const found = sample("javascript", "class ReconnectingWebSocket");
  if ("missing" in found) return context.skip(found.missing);
  const config = { orchestrator: { jwt_secret: SECRET } };
  const before = await testServer({ config });
  const { port } = before.server;
  const opened = await openBrowser({ [ORCHESTRATOR_PORT]: port });
  if ("missing" in opened) return context.skip(opened.missing);
  const page = await opened.browser.newPage();
  const lines: string[] = [];
  page.on("console", (message) => lines.push(message.text()));
  await openPage(page, ORCHESTRATOR_PORT, `const token = "${await accessToken()}";`, found.code);
  await until(() => open(before) === 1, "the connection");
  await before.server.close();
  const after = await testServer({ config, websocket: { port } });
  await until(() => open(after) === 1, "the connection after the restart");
  after.change("job-12345", "FAILED", { from_state: "RUNNING" });
  await until(
    () => lines.some((line) => line.startsWith("Job update:")),
    "the job",
    () => lines,
  );
  const stranger = await opened.browser.newPage();
  const said: string[] = [];
  stranger.on("console", (message) => said.push(message.text()));
  await openPage(stranger, ORCHESTRATOR_PORT, 'const token = "wrong";', found.code);
  await until(
    () => said.includes("Authentication failed"),
    "the refusal",
    () => said,
  );
  expect(open(after)).toBe(1);
});
