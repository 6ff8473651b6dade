import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SimBoard } from "../src/daemon/device/link/sim-board.ts";
import { machineModel } from "../src/daemon/device/models.ts";
import { systemClock } from "../src/shared/clock.ts";
import { ask, listen, plotty, type RunningDaemon, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";
import { farthest, sample } from "./support/distance.ts";
import { type Pty, serveBoardOnPty } from "./support/pty.ts";

/** One stroke of 240 mm with corners and a curve: some 7 s of drawing. */
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="80mm" viewBox="0 0 100 80">
  <path d="M10 10 H90 V30 C90 70 50 70 50 30 L10 60" fill="none" stroke="black"/></svg>`;
const TRUTH = [
  [10, 10, 90, 10, 90, 30],
  Array.from({ length: 401 }, (_, i) => {
    const t = i / 400;
    const x = 90 * (1 - t) ** 2 * (1 + 2 * t) + 50 * t * t * (3 - 2 * t);
    return [x, 30 + 120 * t * (1 - t)];
  }).flat(),
  [50, 30, 10, 60],
];
/** 80 + 20 mm, the curve's 86.2 mm, and 50 mm. */
const LENGTH_MM = TRUTH.reduce((sum, line) => sum + lengthOf(line), 0);

interface Studio {
  readonly board: SimBoard;
  readonly cable: Cable;
  readonly daemon: RunningDaemon;
  readonly config: string;
  readonly directory: string;
}

/** A daemon, then a machine that is plugged in: so that no process but this one holds the far end of the cable. */
async function studio(firmware: string): Promise<Studio> {
  const board = new SimBoard({ clock: systemClock, model: machineModel("axidraw_v3"), firmware });
  const directory = dataDir();
  const cable = new Cable(board, join(directory, "ttyEBB"));
  onTestFinished(() => cable.unplug());
  const config = `devices:\n  - {id: axidraw_001, driver: ebb, port: ${cable.path}}\n`;
  const daemon = await startDaemon({ config, directory });
  cable.plugIn();
  return { board, cable, daemon, config, directory };
}

/** A port that is always called the same, as udev does it. */
class Cable {
  readonly path: string;
  readonly #board: SimBoard;
  #pty: Pty | null = null;

  constructor(board: SimBoard, path: string) {
    this.#board = board;
    this.path = path;
  }

  plugIn(): void {
    this.#pty = serveBoardOnPty(this.#board);
    rmSync(this.path, { force: true });
    symlinkSync(this.#pty.path, this.path);
  }

  unplug(): void {
    this.#pty?.close();
    rmSync(this.path, { force: true });
  }
}

/** Adds the drawing with the paper ready, and waits until about `mm` of it are inked. */
async function drawUntil(daemon: RunningDaemon, board: SimBoard, mm: number): Promise<void> {
  const file = join(dataDir(), "long.svg");
  writeFileSync(file, SVG);
  const { until } = await listen(daemon.url);
  await until((frame) => frame.type === "device_status" && frame.status === "connected");
  expect((await plotty(["ready"], { PLOTTY_URL: daemon.url })).code).toBe(0);
  expect((await plotty(["add", file], { PLOTTY_URL: daemon.url })).code).toBe(0);
  await inked(board, mm);
}

async function inked(board: SimBoard, mm: number): Promise<void> {
  while (inkLength(board) < mm) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function penUp(board: SimBoard, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  while (board.penTouches && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(board.penTouches).toBe(false);
}

function lengthOf(line: ArrayLike<number>): number {
  let mm = 0;
  for (let i = 2; i < line.length; i += 2)
    mm += Math.hypot(line[i]! - line[i - 2]!, line[i + 1]! - line[i - 1]!);
  return mm;
}

function inkLength(board: SimBoard): number {
  return board.ink().reduce((sum, line) => sum + lengthOf(line), 0);
}

/** All of the drawing and nothing beside it, with at most `overlapMm` drawn twice. */
function expectWhole(board: SimBoard, overlapMm: number): void {
  const ink = board.ink();
  expect(farthest(sample(ink, 0.2), TRUTH)).toBeLessThan(0.1);
  expect(farthest(sample(TRUTH, 0.1), ink)).toBeLessThan(0.1);
  // Ink is made of motor steps, so it is measured a little longer than the line it follows.
  expect(inkLength(board)).toBeLessThan(LENGTH_MM * 1.02 + overlapMm);
}

async function resumeToEnd({ url }: { url: string }): Promise<void> {
  const { until } = await listen(url);
  await until((frame) => frame.type === "device_status" && frame.status === "paused");
  const answer = await ask(url, "/api/v1/jobs/long/resume", "POST");
  expect(answer.body).toMatchObject({ state: "RUNNING" });
  await until((frame) => frame.to_state === "COMPLETED");
}

test("a pause in the middle of a stroke brakes, lifts within 600 ms, and resumes at that very point", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 60);
  const asked = Date.now();
  const paused = await ask(daemon.url, "/api/v1/jobs/long/pause", "POST");
  expect(paused.body).toMatchObject({ state: "PAUSED", reason: "Paused on request" });
  expect(board.penTouches).toBe(false);
  expect(Date.now() - asked).toBeLessThan(1000);
  await resumeToEnd(daemon);
  expectWhole(board, 0.2);
  expect(board.starvations).toBe(0);
}, 60_000);

test("cancel brakes, lifts and parks, and the position is still true", async () => {
  const { board, daemon } = await studio("3.0.2");
  await drawUntil(daemon, board, 30);
  const cancelled = await ask(daemon.url, "/api/v1/jobs/long/cancel", "POST");
  expect(cancelled.body).toMatchObject({ state: "CANCELLED" });
  expect(board.penTouches).toBe(false);
  expect(board.position).toEqual({ x: 0, y: 0 });
}, 60_000);

test("SIGTERM raises the pen, parks, keeps the job as PAUSED and ends with 0; the next daemon goes on", async () => {
  const { board, daemon, config, directory } = await studio("2.5.3");
  await drawUntil(daemon, board, 80);
  expect(await daemon.end("SIGTERM")).toBe(0);
  expect(board.penTouches).toBe(false);
  expect(board.position).toEqual({ x: 0, y: 0 });
  const next = await startDaemon({ config, directory });
  const job = await ask(next.url, "/api/v1/jobs/long");
  expect(job.body).toMatchObject({ state: "PAUSED", reason: "daemon stopped" });
  await resumeToEnd(next);
  expectWhole(board, 0.2);
}, 60_000);

test("after kill -9 of the daemon the driver brakes and lifts within 1 s; the next daemon goes on at the point", async () => {
  const { board, daemon, config, directory } = await studio("2.8.1");
  await drawUntil(daemon, board, 100);
  await daemon.end("SIGKILL");
  await penUp(board, 1000);
  const next = await startDaemon({ config, directory });
  expect((await ask(next.url, "/api/v1/jobs/long")).body.state).toBe("PAUSED");
  await resumeToEnd(next);
  expectWhole(board, 0.2);
}, 60_000);

test("after kill -9 of the driver the pen is raised by a new one, and the job goes on where the board stopped", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  for (const pid of driverPids(daemon)) process.kill(pid, "SIGKILL");
  await until((frame) => frame.to_state === "PAUSED");
  await penUp(board, 3000);
  await resumeToEnd(daemon);
  expectWhole(board, 0.3);
}, 60_000);

test("a pulled cable pauses the job at once; back in, the pen is raised within 3 s and the job goes on", async () => {
  const { board, cable, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  cable.unplug();
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toMatch(/cable|link/i);
  const alert = await until((frame) => frame.type === "system_alert" && frame.job_id === "long");
  expect(alert).toMatchObject({ level: "error", device_id: "axidraw_001" });
  const refused = await ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.unavailable" } });
  cable.plugIn();
  await penUp(board, 3000);
  await resumeToEnd(daemon);
  expectWhole(board, 0.3);
}, 60_000);

test("stop halts at once and forgets the place: resume asks for home, and after it draws the rest", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  await ask(daemon.url, "/api/v1/devices/axidraw_001/stop", "POST");
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toContain("the position is unknown until it is homed");
  await penUp(board, 1000);
  const { body: device } = await ask(daemon.url, "/api/v1/devices/axidraw_001");
  expect(device).toMatchObject({ status: "paused", position: null });
  const refused = await ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  expect((await ask(daemon.url, "/api/v1/devices/axidraw_001/home", "POST")).body).toMatchObject({
    position: { x: 0, y: 0 },
  });
  expect((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).status).toBe(200);
}, 60_000);

test("a board that lost its power in the middle of a drawing asks for home before it goes on", async () => {
  const { board, cable, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  cable.unplug();
  await until((frame) => frame.to_state === "PAUSED");
  board.fault("reset");
  cable.plugIn();
  await until((frame) => frame.type === "device_status" && frame.status === "paused");
  const refused = await ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  await ask(daemon.url, "/api/v1/devices/axidraw_001/home", "POST");
  expect((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).status).toBe(200);
}, 60_000);

function driverPids(daemon: RunningDaemon): number[] {
  const pid = daemon.child.pid!;
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").map(Number);
}
