import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { type TestServer, testServer } from "../server/support.ts";
import { runPython } from "./run-python.ts";
import { runInPage, until } from "./sample-page.ts";
import { portTaken, pythonWithWebsockets, SEED_PORT, sample } from "./seeds.ts";

/** A server where the samples look for it. */
function seedServer(): Promise<TestServer> {
  return testServer({ websocket: { port: SEED_PORT } });
}

const subscribers = (daemon: TestServer) => daemon.server.websocketStats().connections.by_channel.jobs ?? 0;

test("the browser sample follows a job, its progress and an alert as it stands", async (context) => {
  const found = sample("javascript", "localhost:8766/ws", "updateProgressBar(message)");
  if ("missing" in found) return context.skip(found.missing);
  const taken = await portTaken();
  if (taken) return context.skip(taken);
  const daemon = await seedServer();
  const seen: unknown[] = [];
  const page = {
    console: { log: (line: string) => seen.push(line) },
    updateProgressBar: (message: { progress: number }) => seen.push(message.progress),
    showAlert: (message: { level: string; message: string }) =>
      seen.push(`${message.level}: ${message.message}`),
  };
  runInPage(found.code, page);
  await until(() => subscribers(daemon) === 1, "the sample's subscription");
  daemon.change("my_design_001", "RUNNING");
  daemon.progress("my_design_001", 0.45);
  daemon.alert("Device temperature high", { details: { temperature: 45.2, threshold: 40 } });
  await until(() => seen.length === 3, "three calls in the page");
  expect(seen).toEqual(["Job my_design_001: QUEUED → RUNNING", 0.45, "warning: Device temperature high"]);
});

test("the Python sample prints every message and the job's change as it stands", async (context) => {
  const found = sample("python", "async def monitor_plotty", "asyncio.run(monitor_plotty())");
  if ("missing" in found) return context.skip(found.missing);
  const python = pythonWithWebsockets();
  if ("missing" in python) return context.skip(python.missing);
  const taken = await portTaken();
  if (taken) return context.skip(taken);
  const daemon = await seedServer();
  const process = runPython(python.command, found.code);
  await until(() => subscribers(daemon) === 1, "the sample's subscription");
  daemon.change("my_design_001", "RUNNING");
  daemon.alert("Device temperature high");
  await until(() => process.output().includes("Received: system_alert"), "the alert in its output");
  expect(process.output()).toContain("Received: subscribed: {'type': 'subscribed'");
  expect(process.output()).toContain("Received: system_status: ");
  expect(process.output()).toContain("\nJob my_design_001: QUEUED → RUNNING\n");
  await daemon.server.close();
  // A clean 1001 ends its loop quietly; anything else would be a traceback.
  expect(await process.ended).not.toContain("Traceback");
});

test("the dashboard sample follows a job, with the import that it lacks added", async (context) => {
  const found = sample("python", "class PlotterDashboard");
  if ("missing" in found) return context.skip(found.missing);
  const python = pythonWithWebsockets();
  if ("missing" in python) return context.skip(python.missing);
  const taken = await portTaken();
  if (taken) return context.skip(taken);
  await seedServer();
  // It also lacks a method, update_system_status, and so ends at the first system_status: the daemon does not hide that.
  const process = runPython(python.command, `import json\n${found.code}`);
  expect(await process.ended).toContain("has no attribute 'update_system_status'");
});

test("the alert sample stays connected through an error alert, with the import that it lacks added", async (context) => {
  const found = sample("python", "class AlertManager");
  if ("missing" in found) return context.skip(found.missing);
  const python = pythonWithWebsockets();
  if ("missing" in python) return context.skip(python.missing);
  const taken = await portTaken();
  if (taken) return context.skip(taken);
  const daemon = await seedServer();
  const process = runPython(python.command, `import json\n${found.code}`);
  const connections = () => daemon.server.websocketStats().connections;
  await until(() => connections().by_channel.system === 1, "the sample's subscription", process.output);
  daemon.alert("pen is dry", { level: "error" });
  daemon.alert("pen is lost", { level: "critical" });
  await daemon.server.close();
  expect(await process.ended).toBe("");
});

test("the seeds' curl line is answered 400 with one line that says plotty is reachable", async (context) => {
  const found = sample("bash", "curl -i -N", "Sec-WebSocket-Key: test");
  if ("missing" in found) return context.skip(found.missing);
  const taken = await portTaken();
  if (taken) return context.skip(taken);
  await seedServer();
  const line = found.code.slice(found.code.indexOf("curl"));
  const shell = spawn("bash", ["-c", line], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  shell.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const status = await new Promise((resolve) => shell.once("close", resolve));
  if (status === 127) return context.skip("curl is not installed here");
  expect(output).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(output).toMatch(/\r\n\r\nplotty is reachable, but [^\n]+\n$/);
});
