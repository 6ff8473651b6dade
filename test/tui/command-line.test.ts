import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PLOTTY, runPlotty, startPlotty } from "../support/run-plotty.ts";
import { deviceView, jobView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="10mm"/>';
const NOBODY = "ws://localhost:9/ws";

let directory: string;
let daemon: WireServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "plotty-test-"));
  await writeFile(join(directory, "spiral.svg"), SVG);
  await writeFile(
    join(directory, "photo.svg"),
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  );
  await writeFile(join(directory, "binary.svg"), Buffer.from([1, 0, 2, 0]));
  await writeFile(join(directory, "empty.svg"), "");
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  daemon = await new WireServer().start();
});

afterEach(() => daemon.stop());

const plotty = (...words: string[]) => runPlotty([...words, "--url", daemon.url]);

test("--version needs nothing but the version: no React, no serialport, no zod, not even a build", async () => {
  const bare = join(directory, "bare");
  await mkdir(join(bare, "bin"), { recursive: true });
  await copyFile(PLOTTY, join(bare, "bin", "plotty.js"));
  await writeFile(join(bare, "package.json"), '{"name":"plotty","version":"9.8.7","type":"module"}');
  const run = promisify(execFile);
  const bin = join(bare, "bin", "plotty.js");
  expect((await run(process.execPath, [bin, "--version"])).stdout).toBe("9.8.7\n");
  await expect(run(process.execPath, [bin, "list"])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("has not been built"),
  });
});

test("the help lists the commands of both sides, and each command's help holds an example", async () => {
  const { stdout, code } = await runPlotty(["--help"]);
  expect(code).toBe(0);
  for (const command of ["plot", "monitor", "demo", "daemon", "estimate", "preview", "plan"]) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  }
  for (const command of [
    "plot",
    "add",
    "list",
    "info",
    "stats",
    "pause",
    "ready",
    "device",
    "monitor",
    "demo",
    "info queue",
    "device motors",
    "config",
  ]) {
    expect((await runPlotty([...command.split(" "), "--help"])).stdout).toContain("Examples:");
  }
}, 60_000);

test("a mistyped command or option ends with 2 and the nearest right one", async () => {
  expect(await runPlotty(["lst"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean list?"),
  });
  expect(await plotty("list", "--fromat", "json")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean --format?"),
  });
});

test("what every command takes may stand before the command too", async () => {
  daemon.jobs.set("spiral", jobView("spiral"));
  const { code, stdout } = await runPlotty(["--no-color", "--url", daemon.url, "info", "job", "spiral"]);
  expect([code, stdout.split("\n")[0]]).toEqual([0, "id        spiral"]);
  expect((await runPlotty([`--url=${daemon.url}`, "list", "--format", "json"])).stdout).toContain(
    '"id":"spiral"',
  );
});

describe("with no daemon", () => {
  test.each(["list", "info job x", "stats websocket", "pause x", "monitor --format json"])(
    "%s says so in one sentence and ends with 3",
    async (words) => {
      const { code, stdout, stderr } = await runPlotty([...words.split(" "), "--url", NOBODY]);
      expect(code).toBe(3);
      expect(stdout).toBe("");
      expect(stderr).toMatch(
        /^plotty: no plotty daemon answers at ws:\/\/localhost:9\/ws: start one with .*\n$/,
      );
    },
  );

  test("info system has a line that begins with websocket and says that it is not running", async () => {
    const { code, stdout } = await runPlotty(["info", "system", "--url", NOBODY]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^websocket +not running/m);
  });
});

describe("what is no drawing is refused before it is sent", () => {
  test.each([
    ["missing.svg", "there is no file"],
    [".", "is a directory"],
    ["photo.svg", "is no SVG but a PNG picture"],
    ["binary.svg", "holds binary data"],
    ["empty.svg", "is empty"],
  ])("%s: %s", async (file, why) => {
    for (const command of ["plot", "add"]) {
      const { code, stderr } = await plotty(command, join(directory, file));
      expect(code).toBe(1);
      expect(stderr).toContain(why);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
    expect(daemon.requests).toEqual([]);
  });

  test("one wrong file among several queues none of them", async () => {
    expect((await plotty("add", join(directory, "spiral.svg"), join(directory, "photo.svg"))).code).toBe(1);
    expect(daemon.requests).toEqual([]);
  });
});

test("info system names the websocket's URL and its connections", async () => {
  const { stdout, code } = await plotty("info", "system");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^websocket +ws:\/\/localhost:\d+\/ws +0\/100 connections$/m);
});

test("add prints the id; options travel under their wire names", async () => {
  const { stdout, code } = await plotty(
    "add",
    join(directory, "spiral.svg"),
    "--paper",
    "a4",
    "--keep-order",
    "--hold",
  );
  expect([code, stdout]).toEqual([0, "spiral\n"]);
  expect(daemon.requests[0]).toEqual({
    line: "POST /api/v1/jobs?name=spiral.svg&paper=a4&keep_order=true&hold=true",
    body: SVG,
  });
});

test("- takes the drawing from stdin", async () => {
  const { stdout } = await runPlotty(["add", "-", "--name", "piped", "--url", daemon.url], { input: SVG });
  expect(stdout).toBe("piped\n");
  expect(daemon.requests[0]!.body).toBe(SVG);
});

test("list and info job print what the daemon gave, as JSON word for word", async () => {
  daemon.jobs.set("spiral", jobView("spiral"));
  expect(JSON.parse((await plotty("list", "--format", "json")).stdout)).toEqual([jobView("spiral")]);
  expect(JSON.parse((await plotty("info", "job", "spiral", "--format", "json")).stdout)).toEqual(
    jobView("spiral"),
  );
  expect((await plotty("list")).stdout).toMatch(/^spiral +QUEUED +0% +1 m 00 s/m);
  expect((await plotty("list", "--format", "table")).stdout).toMatch(/│ spiral +│ QUEUED/);
});

test("pause acts; an unknown id is an error that names the nearest; a refusal is the daemon's sentence", async () => {
  daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING" }));
  daemon.jobs.set("done", jobView("done", { state: "COMPLETED" }));
  expect(await plotty("pause", "spiral")).toMatchObject({ code: 0, stdout: "spiral PAUSED\n" });
  expect(await plotty("pause", "spirl")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("did you mean spiral?"),
  });
  expect(await plotty("pause", "done")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("COMPLETED cannot"),
  });
});

test("a missing key ends with 4, the right one with 0", async () => {
  daemon.apiKey = "secret";
  expect(await plotty("list")).toMatchObject({ code: 4, stderr: "plotty: this daemon asks for a key\n" });
  expect((await plotty("list", "--api-key", "secret")).code).toBe(0);
  expect((await plotty("monitor", "--follow", "--format", "json")).code).toBe(4);
});

test("ready goes to the only machine; with two it must be named", async () => {
  daemon.devices.set("virtual_001", deviceView("virtual_001", { ready: false }));
  expect((await plotty("ready")).stdout).toContain("virtual_001 is ready");
  expect(daemon.devices.get("virtual_001")!.ready).toBe(true);
  daemon.devices.set("axidraw_001", deviceView("axidraw_001"));
  expect(await plotty("ready")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("virtual_001, axidraw_001"),
  });
});

test("plot declares the paper ready, tells every change and note, and ends with 0 when the job is COMPLETED", async () => {
  daemon.devices.set("virtual_001", deviceView("virtual_001", { ready: false }));
  daemon.onSubmit = (job) => {
    daemon.move(job.id, "PLANNING");
    daemon.move(job.id, "QUEUED", "planned", { notes: ["1 image left out"] });
    setTimeout(() => {
      daemon.move(job.id, "RUNNING", "started");
      daemon.move(job.id, "PAUSED", "pen change: load red");
      daemon.move(job.id, "RUNNING", "resumed");
      daemon.move(job.id, "COMPLETED", "drawn", { progress: 1 });
    }, 200);
  };
  const { code, stdout, stderr } = await plotty("plot", join(directory, "spiral.svg"));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^spiral COMPLETED/);
  expect(stderr).toContain("note: 1 image left out");
  expect(stderr).toContain("pen change: load red\nto go on:  plotty resume spiral");
  expect(stderr.match(/PLANNING|QUEUED|RUNNING|PAUSED|COMPLETED/g)).toEqual([
    "PLANNING",
    "QUEUED",
    "RUNNING",
    "PAUSED",
    "RUNNING",
    "COMPLETED",
  ]);
  expect(daemon.requests.map(({ line }) => line)).toContain("POST /api/v1/devices/virtual_001/ready");
});

test("plot says so when another job comes first and gets the paper", async () => {
  daemon.devices.set("virtual_001", deviceView("virtual_001", { ready: false }));
  daemon.jobs.set("older", jobView("older"));
  daemon.onSubmit = (job) => {
    daemon.move(job.id, "QUEUED", "planned");
    setTimeout(() => daemon.move(job.id, "CANCELLED", "by hand"), 300);
  };
  const { stderr } = await plotty("plot", join(directory, "spiral.svg"));
  expect(stderr).toContain("older comes first in the queue and gets this paper: spiral waits for the next");
});

test("plot ends with 1 when the job fails, with the reason", async () => {
  daemon.devices.set("virtual_001", deviceView("virtual_001", { ready: false }));
  daemon.onSubmit = (job) => setTimeout(() => daemon.move(job.id, "FAILED", "no SVG in it"), 100);
  expect(await plotty("plot", join(directory, "spiral.svg"))).toMatchObject({
    code: 1,
    stdout: "spiral FAILED: no SVG in it\n",
  });
  expect(daemon.devices.get("virtual_001")!.ready).toBe(false); // its paper is not left to the next job
});

test("Ctrl-C stops following, not the drawing, and says how to end that; exit 130", async () => {
  const run = startPlotty(["plot", join(directory, "spiral.svg"), "--url", daemon.url]);
  daemon.onSubmit = (job) => setTimeout(() => daemon.move(job.id, "RUNNING", "started"), 100);
  await run.until(({ stderr }) => stderr.includes("RUNNING"));
  run.child.kill("SIGINT");
  const { code, stderr } = await run.ended;
  expect(code).toBe(130);
  expect(stderr).toContain("plotty cancel spiral");
  expect(daemon.jobs.get("spiral")!.state).toBe("RUNNING");
});
