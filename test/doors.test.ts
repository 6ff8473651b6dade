import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, BIN, type Finished, listen, plotty, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";

const LINE = `<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="50mm" viewBox="0 0 50 50">
  <path d="M5 5H30" stroke="black"/></svg>`;

function drawing(name: string, text: string | Buffer): string {
  const path = join(dataDir(), name);
  writeFileSync(path, text);
  return path;
}

function oneLine({ stderr }: Finished): string {
  expect(stderr.trim().split("\n")).toHaveLength(1);
  return stderr;
}

test("a second daemon on the same port, or on the same data directory, ends with 1 and one line", async () => {
  const first = await startDaemon();
  const port = new URL(first.url).port;
  const elsewhere = await plotty(["daemon", "--port", port], {
    PLOTTY_DATA_DIR: dataDir(),
    XDG_CONFIG_HOME: dataDir(),
    PLOTTY_LOGGING__LEVEL: "error",
  });
  expect(elsewhere.code).toBe(1);
  expect(oneLine(elsewhere)).toContain(`port ${port}`);
  const beside = await plotty(["daemon", "--port", "0"], {
    PLOTTY_DATA_DIR: join(first.directory, "data"),
    XDG_CONFIG_HOME: dataDir(),
  });
  expect(beside.code).toBe(1);
  expect(oneLine(beside)).toContain("another plotty daemon uses the data directory");
  expect(await first.end()).toBe(0);
});

test("a configuration with a wrong key keeps the daemon from starting: 2, the key, the line and the nearest", async () => {
  const config = drawing("config.yaml", "websocket:\n  port: 0\n  max_conections: 5\n");
  const answer = await plotty(["daemon", "--config", config], { PLOTTY_DATA_DIR: dataDir() });
  expect(answer.code).toBe(2);
  const line = oneLine(answer);
  for (const words of [`${config}:3`, "websocket.max_conections", "websocket.max_connections"]) {
    expect(line).toContain(words);
  }
});

test("a port that does not exist is told with the machine, and the daemon goes on", async () => {
  const { url } = await startDaemon({ config: "devices: [{id: axidraw_001, port: /dev/ttyNONE9}]\n" });
  let device = (await ask(url, "/api/v1/devices/axidraw_001")).body;
  while (device.reason === "waiting for the machine")
    device = (await ask(url, "/api/v1/devices/axidraw_001")).body;
  expect(device.status).toBe("disconnected");
  expect(device.reason).toContain("there is no port /dev/ttyNONE9");
});

test("no file, a directory and a picture called .svg are refused before anything is uploaded", async () => {
  const { url } = await startDaemon({ flags: ["--simulate"] });
  const folder = join(dataDir(), "folder.svg");
  mkdirSync(folder);
  const picture = drawing("photo.svg", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
  for (const [path, words] of [
    ["/nowhere/rose.svg", "there is no file /nowhere/rose.svg"],
    [folder, "is a directory"],
    [picture, "is no SVG but a PNG picture"],
  ]) {
    const answer = await plotty(["plot", path!], { PLOTTY_URL: url });
    expect(answer.code).toBe(1);
    expect(oneLine(answer)).toContain(words!);
  }
  expect((await ask(url, "/api/v1/jobs")).body.jobs).toEqual([]);
});

test("a drawing that cannot be read becomes a FAILED job with the reason, and plot ends with 1", async () => {
  const { url } = await startDaemon({ flags: ["--simulate"] });
  const broken = drawing("broken.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'></svg>");
  const answer = await plotty(["plot", broken], { PLOTTY_URL: url });
  expect(answer.code).toBe(1);
  const { body } = await ask(url, "/api/v1/jobs/broken");
  expect(body).toMatchObject({ state: "FAILED", error: { code: "svg.unreadable" } });
  expect(body.reason).toContain("line 1");
  expect(answer.stdout + answer.stderr).toContain(body.reason);
});

test("without a daemon every command that needs one ends with 3, and info system still has its websocket line", async () => {
  const env = { PLOTTY_URL: "ws://localhost:1/ws" };
  const list = await plotty(["list"], env);
  expect([list.code, list.stdout]).toEqual([3, ""]);
  const system = await plotty(["info", "system"], env);
  expect(system.code).toBe(3);
  expect(system.stdout).toMatch(/^websocket .*not running/m);
});

test("no job is drawn over another: the second waits until the paper is declared ready", async () => {
  const { url } = await startDaemon({
    config: "devices: [{id: v1, driver: virtual, speed: 50, require_ready: true}]\n",
  });
  const { until, frames } = await listen(url);
  const path = drawing("line.svg", LINE);
  const env = { PLOTTY_URL: url };
  await plotty(["add", path], env);
  await plotty(["add", path], env);
  await until((frame) => frame.job_id === "line_001" && frame.to_state === "QUEUED");
  expect(frames.some((frame) => frame.to_state === "RUNNING")).toBe(false);
  await plotty(["ready"], env);
  await until((frame) => frame.job_id === "line" && frame.to_state === "COMPLETED");
  const { body } = await ask(url, "/api/v1/devices/v1/ready", "POST", `{"ready":false}`);
  expect(body).toMatchObject({ ready: false });
  expect((await ask(url, "/api/v1/jobs/line_001")).body.state).toBe("QUEUED");
  await plotty(["ready", "v1"], env);
  await until((frame) => frame.job_id === "line_001" && frame.to_state === "COMPLETED");
});

test("when a paused job is cancelled, the next begins once the machine is parked", async () => {
  const { url } = await startDaemon({ config: "devices: [{id: v1, driver: virtual}]\n" });
  const { until, frames } = await listen(url);
  const path = drawing("line.svg", LINE);
  const env = { PLOTTY_URL: url };
  await plotty(["add", path, path], env);
  await until((frame) => frame.type === "device_status" && frame.pen_up === false);
  await plotty(["pause", "line"], env);
  await plotty(["cancel", "line"], env);
  await until((frame) => frame.job_id === "line_001" && frame.to_state === "RUNNING");
  await until((frame) => frame.job_id === "line_001" && frame.type === "job_progress");
  expect(frames.filter((frame) => frame.type === "system_alert" && frame.level === "error")).toEqual([]);
});

test("paper is not declared fresh while a job has its ink on it, and is when that has ended", async () => {
  const { url } = await startDaemon({
    config: "devices: [{id: v1, driver: virtual, require_ready: true}]\n",
  });
  const { until } = await listen(url);
  const env = { PLOTTY_URL: url };
  await plotty(["add", drawing("line.svg", LINE)], env);
  await plotty(["ready"], env);
  await until((frame) => frame.type === "device_status" && frame.pen_up === false);
  expect(await ask(url, "/api/v1/devices/v1/ready", "POST", `{"ready":true}`)).toMatchObject({
    status: 409,
    body: { code: "device.busy", detail: expect.stringContaining("v1 has line on its paper") },
  });
  await plotty(["cancel", "line"], env);
  expect((await plotty(["ready", "v1"], env)).stdout).toContain("v1 is ready");
});

test("before a layer with another pen the job pauses, says which to load, and goes on after resume", async () => {
  const { url } = await startDaemon({
    config: "devices: [{id: v1, driver: virtual, speed: 50}]\npens: {black: {}, red: {color: '#f00'}}\n",
  });
  const { until } = await listen(url);
  const layer = (label: string, d: string) =>
    `<g inkscape:groupmode="layer" inkscape:label="${label}"><path d="${d}" stroke="black"/></g>`;
  const path = drawing(
    "two.svg",
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
      width="50mm" height="50mm" viewBox="0 0 50 50">${layer("black", "M5 5H30")}${layer("red", "M5 9H30")}</svg>`,
  );
  await plotty(["add", path], { PLOTTY_URL: url });
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toBe("pen change: load red");
  const alert = await until((frame) => frame.type === "system_alert" && frame.job_id === "two");
  expect(alert).toMatchObject({ level: "info", job_id: "two", device_id: "v1" });
  expect((await ask(url, "/api/v1/devices/v1")).body).toMatchObject({ status: "paused", pen_up: true });
  expect((await plotty(["resume", "two"], { PLOTTY_URL: url })).code).toBe(0);
  await until((frame) => frame.to_state === "COMPLETED");
});

test("monitor --follow --format json | head -3 gives three JSON lines and ends quietly with 0", async () => {
  const { url } = await startDaemon({ flags: ["--simulate"] });
  const { execFile } = await import("node:child_process");
  const script = `"${process.execPath}" "${BIN}" monitor --follow --format json | head -3; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((done, fail) => {
    execFile("bash", ["-c", script], { env: { ...process.env, PLOTTY_URL: url } }, (error, out, err) =>
      error ? fail(error) : done({ stdout: out, stderr: err }),
    );
  });
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(4);
  for (const line of lines.slice(0, 3)) expect(JSON.parse(line)).toHaveProperty("type");
  expect([lines[3], stderr]).toEqual(["0", ""]);
});

test("a pen with max_metres pauses at the end of the stroke that wears it out, and goes on with a new one", async () => {
  const { url } = await startDaemon({
    config: "devices: [{id: v1, driver: virtual, speed: 50}]\npens: {black: {max_metres: 0.03}}\n",
  });
  const { until, frames } = await listen(url);
  const path = drawing("four.svg", LINE.replace("M5 5H30", "M5 5H25M5 9H25M5 13H25M5 17H25"));
  await plotty(["add", path], { PLOTTY_URL: url });
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toBe("pen worn: black has drawn as far as it may, change it");
  expect((await ask(url, "/api/v1/jobs/four")).body.progress).toBeLessThan(0.7);
  await plotty(["resume", "four"], { PLOTTY_URL: url });
  await until((frame) => frame.to_state === "COMPLETED");
  expect(frames.filter((frame) => frame.to_state === "PAUSED")).toHaveLength(1);
});

test("two machines draw two jobs of one queue at the same time, each job on a machine of its own", async () => {
  const machine = (id: string) => `{id: ${id}, driver: virtual, speed: 2}`;
  const { url } = await startDaemon({ config: `devices: [${machine("left")}, ${machine("right")}]\n` });
  const { until } = await listen(url);
  for (const id of ["left", "right"]) {
    await until((frame) => frame.device_id === id && frame.status === "connected");
  }
  const path = drawing("line.svg", LINE);
  await plotty(["add", path, path], { PLOTTY_URL: url });
  await until((frame) => frame.job_id === "line" && frame.to_state === "RUNNING");
  await until((frame) => frame.job_id === "line_001" && frame.to_state === "RUNNING");
  const { body } = await ask(url, "/api/v1/devices");
  expect(body.devices.map((device: { status: string }) => device.status)).toEqual(["busy", "busy"]);
  for (const id of ["line", "line_001"]) {
    await until((frame) => frame.job_id === id && frame.to_state === "COMPLETED");
  }
  const jobs = (await ask(url, "/api/v1/jobs")).body.jobs;
  expect(new Set(jobs.map((job: { device: string }) => job.device))).toEqual(new Set(["left", "right"]));
});
