import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBrowser } from "../seeds/chromium.ts";
import { until } from "../seeds/sample-page.ts";
import { pythonWithWebsockets } from "../seeds/seeds.ts";
import { startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { cleanEnv } from "../support/run-plotty.ts";
import { Listener } from "./stream-listener.ts";
import { MemoryEventLog, type TestServer, testServer } from "./support.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../examples");

/** A program with both outputs in one text; ended with the test. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { env: cleanEnv(env), cwd: EXAMPLES });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((done) => child.once("close", done));
  return { output: () => output, ended };
}

const subscribers = (daemon: TestServer) => daemon.server.websocketStats().connections.by_channel.jobs ?? 0;

/** A job before and one during a restart: both must be told, once. */
async function followsThroughRestart(program: (url: string) => ReturnType<typeof run>): Promise<void> {
  const eventLog = new MemoryEventLog();
  const before = await testServer({ eventLog });
  const { output } = program(before.server.url);
  await until(() => subscribers(before) === 1, "the subscription", output);
  before.change("a", "RUNNING");
  await until(() => output().includes("a: QUEUED -> RUNNING"), "the first job", output);
  await before.server.close();
  before.change("a", "COMPLETED", { from_state: "RUNNING" });
  const after = await testServer({ eventLog, websocket: { port: before.server.port } });
  await until(() => subscribers(after) === 1, "the subscription after the restart", output);
  after.alert("paper is low");
  await until(() => output().includes("warning: paper is low"), "the alert", output);
  const lines = output()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("no daemon"));
  expect(lines).toEqual(["a: QUEUED -> RUNNING", "a: RUNNING -> COMPLETED", "warning: paper is low"]);
}

test("examples/follow.js tells every change once, through a restart of the daemon", () =>
  followsThroughRestart((url) => run(process.execPath, ["follow.js", url])));

test("examples/follow.py tells every change once, through a restart of the daemon", async (context) => {
  const python = pythonWithWebsockets();
  if ("missing" in python) return context.skip(python.missing);
  await followsThroughRestart((url) => run(python.command, ["follow.py", url]));
});

test("examples/robot.js makes a robot show up beside the plotters", async () => {
  const daemon = await testServer({ env: { JWT_DEV_MODE: "true" } });
  const robots = await new Listener(daemon, "robot-status").opened();
  const { output } = run(process.execPath, ["robot.js", "arm-007"], { PLOTTY_URL: daemon.server.url });
  await until(() => output().includes("arm-007 is idle"), "its first heartbeat", output);
  const told = () => robots.messages.find(({ robot_id }) => robot_id === "arm-007");
  await robots.until(() => told() !== undefined, "the robot");
  expect(told()).toMatchObject({ robot_id: "arm-007", status: "idle" });
});

test("examples/plot.sh draws an SVG with curl alone, and fails with a drawing that is none", async (context) => {
  if (spawnSync("curl", ["--version"]).error) return context.skip("curl is not installed here");
  const daemon = await startDaemon({ flags: ["--simulate", "--speed", "200"] });
  const directory = dataDir();
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="20mm"><path d="M5 5h30" stroke="red"/></svg>';
  writeFileSync(join(directory, "line.svg"), svg);
  writeFileSync(join(directory, "none.svg"), "<svg");
  const env = { PLOTTY_HTTP: daemon.url.replace(/^ws/, "http").replace(/\/ws$/, "") };
  const drawn = run("sh", ["plot.sh", join(directory, "line.svg"), "virtual_001"], env);
  expect(await drawn.ended, drawn.output()).toBe(0);
  expect(drawn.output()).toMatch(/^line: submitted\n(line: [A-Z]+\n)*line: COMPLETED\n$/);
  const failed = run("sh", ["plot.sh", join(directory, "none.svg")], env);
  expect(await failed.ended, failed.output()).toBe(1);
  expect(failed.output()).toMatch(/none: FAILED\n$/);
});

test("examples/browser.html shows jobs, progress and alerts in a real browser, through a restart", async (context) => {
  const opened = await openBrowser();
  if ("missing" in opened) return context.skip(opened.missing);
  const html = readFileSync(join(EXAMPLES, "browser.html"));
  const site = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  await new Promise<void>((listening) => site.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void site.close());
  const eventLog = new MemoryEventLog();
  const before = await testServer({ eventLog });
  const page = await opened.browser.newPage();
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/?url=${before.server.url}`);
  await until(() => subscribers(before) === 1, "the subscription");
  before.change("spiral", "RUNNING");
  before.progress("spiral", 0.25);
  await page.waitForSelector("li[data-job=spiral] progress[value='0.25']", { timeout: 20_000 });
  await before.server.close();
  before.change("spiral", "COMPLETED", { from_state: "RUNNING" });
  const after = await testServer({ eventLog, websocket: { port: before.server.port } });
  after.alert("paper is low");
  await page.waitForSelector("#alerts >> text=warning: paper is low", { timeout: 20_000 });
  expect(await page.textContent("li[data-job=spiral] span")).toBe("COMPLETED");
});
