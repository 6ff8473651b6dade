import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cleanEnv, PLOTTY, runPlotty, startPlotty } from "../support/run-plotty.ts";
import { jobView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

let daemon: WireServer;
let run: ReturnType<typeof startPlotty> | undefined;

beforeEach(async () => {
  daemon = await new WireServer().start();
  daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING", progress: 0.4 }));
});

afterEach(async () => {
  run?.child.kill("SIGKILL");
  run = undefined;
  await daemon.stop();
});

function follow(...words: string[]) {
  run = startPlotty(["monitor", "--follow", "--format", "json", "--url", daemon.url, ...words]);
  return run;
}

function alert(n: number) {
  return {
    type: "system_alert" as const,
    level: "info",
    message: `m${n}`,
    details: {},
    id: `a${n}`,
    source: "test",
  };
}

test("the current state is a line each for jobs, machines and system, without seq, and then it ends", async () => {
  const { code, stdout } = await runPlotty(["monitor", "--format", "json", "--url", daemon.url]);
  expect(code).toBe(0);
  const records = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(records.map(({ type }) => type)).toEqual(["job", "device", "system"]);
  expect(records[0]).toMatchObject({ id: "spiral", state: "RUNNING", progress: 0.4 });
  expect(records.some((record) => "seq" in record)).toBe(false);
});

test("in a pipe without flags the state is text, and the exit code 0", async () => {
  const { code, stdout } = await runPlotty(["monitor", "--url", daemon.url]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^spiral {2}▶ RUNNING {2}40%/m);
});

test("following tells the state and then each event exactly as it was received", async () => {
  const { until, lines } = follow();
  await until(() => lines().length === 4); // job, device, system, and the status that follows a subscription
  const sent = [
    daemon.publish(alert(1)),
    daemon.move("spiral", "PAUSED", "by hand"),
    daemon.publish(alert(2)),
  ];
  await until(() => lines().length === 7);
  expect(lines().slice(4)).toEqual(sent);
});

test("a restart of the daemon loses and repeats no durable event, and the state is not told again", async () => {
  const { until, lines } = follow("--channels", "jobs,system");
  await until(() => lines().length === 3);
  daemon.publish(alert(1));
  await daemon.stop();
  daemon.publish(alert(2));
  await daemon.start();
  daemon.publish(alert(3));
  const seqs = () =>
    lines()
      .map((line) => JSON.parse(line).seq)
      .filter((seq) => seq !== undefined);
  await until(() => seqs().length === 3);
  expect(seqs()).toEqual([1, 2, 3]);
  expect(lines().filter((line) => line.includes('"type":"system",'))).toHaveLength(1);
});

test("it waits for a daemon that is not there yet", async () => {
  await daemon.stop();
  const { until, lines } = follow();
  await until(({ stderr }) => stderr.includes("trying again"));
  await daemon.start();
  await until(() => lines().length >= 3);
  expect(JSON.parse(lines()[0]!)).toMatchObject({ type: "job", id: "spiral" });
});

test("| head -3 gives three lines of JSON, and both ends of the pipe end by themselves with 0", async () => {
  const script = `"$0" "$1" monitor --follow --format json --url "$2" | head -3; echo "\${PIPESTATUS[@]}"`;
  const shell = spawn("bash", ["-c", script, process.execPath, PLOTTY, daemon.url], { env: cleanEnv() });
  let said = "";
  let complaint = "";
  shell.stdout.on("data", (chunk) => (said += chunk));
  shell.stderr.on("data", (chunk) => (complaint += chunk));
  await new Promise((resolve) => shell.on("close", resolve));
  const lines = said.trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  for (const line of lines.slice(0, 3)) expect(JSON.parse(line)).toHaveProperty("type");
  expect(lines[3]).toBe("0 0");
  expect(complaint).toBe("");
});

test.skipIf(process.platform !== "linux")(
  "a reader that stops reading costs no memory, and gets every event when it goes on",
  async () => {
    const script = `exec 9<&0
      "$0" "$1" monitor --follow --format json --until completed --url "$2" > >(read -r <&9; wc -l) & echo $!; wait; wait`;
    const shell = spawn("bash", ["-c", script, process.execPath, PLOTTY, daemon.url], { env: cleanEnv() });
    let said = "";
    shell.stdout.on("data", (chunk) => (said += chunk));
    while (daemon.subscribers === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const pid = Number(said.split("\n")[0]);
    for (let batch = 0; batch < 60; batch++) {
      for (let n = 0; n < 1000; n++) daemon.publish(alert(batch * 1000 + n));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(residentMb(pid)).toBeLessThan(80);
    daemon.move("spiral", "COMPLETED", "drawn");
    shell.stdin.write("go on\n");
    await new Promise((resolve) => shell.on("close", resolve));
    expect(Number(said.trimEnd().split("\n").at(-1))).toBe(4 + 60_000 + 1); // the state, the alerts, the end
  },
);

test("without --format json an event is a readable line", async () => {
  run = startPlotty(["monitor", "--follow", "--url", daemon.url]);
  await run.until(({ stdout }) => stdout.includes("spiral"));
  daemon.move("spiral", "PAUSED", "by hand");
  await run.until(({ stdout }) => /\d\d:\d\d:\d\d {2}spiral {2}RUNNING → ‖ PAUSED {2}by hand\n/.test(stdout));
});

test.each([
  ["COMPLETED", 0],
  ["FAILED", 1],
  ["CANCELLED", 1],
] as const)("--until done ends when the job is %s, with %i", async (state, exitCode) => {
  const { until, lines, ended } = follow("--until", "done", "--job-id", "spiral");
  await until(() => lines().length >= 3);
  const sent = daemon.move("spiral", state, "over");
  const { code, stdout } = await ended;
  expect(code).toBe(exitCode);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe(sent);
});

test("--until sees a job that had ended before, and --timeout ends the waiting with 1", async () => {
  daemon.jobs.set("old", jobView("old", { state: "COMPLETED" }));
  expect((await follow("--until", "done", "--job-id", "old").ended).code).toBe(0);
  const { code, stderr } = await follow("--until", "done", "--job-id", "spiral", "--timeout", "0.3").ended;
  expect([code, stderr]).toEqual([1, "plotty: not done within 0.3 s\n"]);
});

test("--stats counts events by channel and type, every interval", async () => {
  run = startPlotty(["monitor", "--stats", "--interval", "0.5", "--format", "json", "--url", daemon.url]);
  const { until, lines } = run;
  await until(() => lines().length === 1);
  daemon.publish(alert(1));
  daemon.publish(alert(2));
  await until(() => lines().length === 2);
  const figures = JSON.parse(lines()[1]!);
  expect(figures).toMatchObject({ type: "stats", events: 2, max_connections: 100 });
  expect(figures.channels.system).toBe(2);
  expect(figures.types).toEqual({ system_alert: 2 });
  expect(figures.latency_ms).toBeGreaterThan(0);
});

test("a wrong flag is a sentence and exit code 2", async () => {
  for (const [words, says] of [
    [["--channels", "jobs,weather"], 'no channel "weather"'],
    [["--level", "loud"], "--level is info"],
    [["--until", "tea"], "--until is completed"],
    [["--timeout", "soon"], "--timeout is a number of seconds"],
  ] as const) {
    const { code, stderr } = await runPlotty(["monitor", ...words, "--url", daemon.url]);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  }
});

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}
