import { expect, test, vi } from "vitest";
import { ask, listen, startDaemon } from "../support/daemon.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

test("one id goes through the lines of a job, its plan, the machine and its hooks; logging.modules keeps to those named", async () => {
  const hooks = "hooks: {COMPLETED: [{command: 'true'}, {command: 'exit 3'}]}\n";
  const daemon = await startDaemon({ config: `devices: [{id: v1, driver: virtual, speed: 100}]\n${hooks}` });
  const { until } = await listen(daemon.url);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
  await ask(daemon.url, "/api/v1/jobs?name=rose", "POST", svg);
  await until((frame) => frame.source === "hook");
  const lines = () =>
    daemon
      .stderr()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const told = lines().filter((line) => line.job === "rose");
  const steps = told.filter((line) => line.module === "plotty.jobs").map((line) => `${line.from} ${line.to}`);
  expect(steps).toEqual([
    "null NEW",
    "NEW PLANNING",
    "PLANNING QUEUED",
    "QUEUED RUNNING",
    "RUNNING COMPLETED",
  ]);
  expect(told.find((line) => line.module === "plotty.plan")).toMatchObject({
    strokes: 1,
    model: "axidraw_v3",
  });
  expect(told.filter((line) => line.module === "plotty.device")).toMatchObject([
    { device: "v1", msg: "drawing" },
    { device: "v1", msg: "drawn to the end" },
  ]);
  expect(told.filter((line) => line.module === "plotty.hooks")).toMatchObject([
    { level: "info", msg: "hook done" },
    { level: "warn", msg: "hook failed: it ended with 3" },
  ]);
});

test("at debug level each answer of the API is a line without its query", async () => {
  const config = "devices: []\nlogging: {level: debug, modules: [plotty.http]}\n";
  const daemon = await startDaemon({ config });
  await ask(daemon.url, "/api/v1/jobs?limit=5&api_key=top-secret-key");
  await ask(daemon.url, "/api/v1/jobs/nobody");
  await daemon.end();
  const lines = daemon
    .stderr()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { module: "plotty.http", method: "GET", path: "/api/v1/jobs", status: 200 },
    { module: "plotty.http", path: "/api/v1/jobs/nobody", status: 404 },
  ]);
  expect(daemon.stderr()).not.toContain("top-secret-key");
});
