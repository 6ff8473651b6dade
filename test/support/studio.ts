import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { machineModel } from "../../src/daemon/device/models.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { declareReady } from "./at-machine.ts";
import { ask, listen, type RunningDaemon, startDaemon, submit } from "./daemon.ts";
import { dataDir } from "./data-dir.ts";
import { farthest, sample } from "./distance.ts";
import { type Pty, serveBoardOnPty } from "./pty.ts";

/** One stroke of 118 mm with corners and a curve: some 4 s of drawing. */
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="80mm" viewBox="0 0 100 80">
  <path d="M10 10 H50 V20 C50 40 30 40 30 20 L10 35" fill="none" stroke="black"/></svg>`;
const TRUTH = [
  ...[10, 10, 50, 10],
  ...Array.from({ length: 401 }, (_, i) => {
    const t = i / 400;
    const x = 50 * (1 - t) ** 2 * (1 + 2 * t) + 30 * t * t * (3 - 2 * t);
    return [x, 20 + 60 * t * (1 - t)];
  }).flat(),
  ...[10, 35],
];
/** 40 + 10 mm, the curve's 43.1 mm, and 25 mm. */
const LENGTH_MM = lengthOf(TRUTH);
/** Of a machine that goes on with nothing by itself. */
const STOPPED: ReadonlySet<string> = new Set(["paused", "error", "disconnected"]);
/** What ink may lie beside the line, and be missing of it, mm. */
const NEAR_MM = 0.05;

export interface Studio {
  readonly board: SimBoard;
  readonly cable: Cable;
  readonly daemon: RunningDaemon;
  readonly config: string;
  readonly directory: string;
}

/** A daemon's process, then a machine that is plugged in: so that no process but this one holds the far end of the cable. */
export async function studio(firmware: string, directory = dataDir()): Promise<Studio> {
  const model = machineModel("axidraw_v3");
  const board = new SimBoard({ clock: systemClock, model, firmware, waitsForItsTurn: true });
  const cable = new Cable(board, join(directory, "ttyEBB"));
  onTestFinished(() => cable.unplug());
  const config = `devices:\n  - {id: axidraw_001, driver: ebb, port: ${cable.path}}\n`;
  const daemon = await startDaemon({ config, directory, onSpawned: () => cable.plugIn() });
  return { board, cable, daemon, config, directory };
}

/** A port that is always called the same, as udev does it. */
export class Cable {
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
export async function drawUntil(daemon: RunningDaemon, board: SimBoard, mm: number): Promise<void> {
  const { until } = await listen(daemon.url);
  await until((frame) => frame.type === "device_status" && frame.status === "connected");
  await declareReady(daemon.url);
  await submit(daemon.url, "long.svg", SVG);
  await untilDrawn(daemon.url, () => inkLength(board) >= mm);
}

/**
 * Waits while the machine draws. A host that takes this process away for over a second makes the board mute, and plotty pauses
 * as it should: that is told at once, in place of a wait for ink that does not come.
 */
export async function untilDrawn(url: string, isDrawn: () => boolean): Promise<void> {
  for (let turn = 1; !isDrawn(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (turn % 10 > 0) continue;
    const { status, reason } = (await ask(url, "/api/v1/devices/axidraw_001")).body;
    if (STOPPED.has(status) && !isDrawn()) throw new Error(`the machine has stopped: ${reason}`);
  }
}

export async function penUp(board: SimBoard, withinMs: number): Promise<void> {
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

export function inkLength(board: SimBoard): number {
  return board.ink().reduce((sum, line) => sum + lengthOf(line), 0);
}

/** All of the drawing and nothing beside it; where the pen was set down again, at most `overlapMm` drawn twice. */
export function expectWhole(board: SimBoard, overlapMm = 0.2): void {
  const ink = board.ink();
  expect(farthest(sample(ink, 0.2), [TRUTH])).toBeLessThan(NEAR_MM);
  expect(farthest(sample([TRUTH], 0.1), ink)).toBeLessThan(NEAR_MM);
  const ends = ink.map((line) => [mmAlong(line[0]!, line[1]!), mmAlong(line.at(-2)!, line.at(-1)!)] as const);
  for (const [i, [startMm]] of ends.entries()) {
    const gapMm = startMm - (ends[i - 1]?.[1] ?? 0);
    expect(gapMm, `left out before line ${i}`).toBeLessThan(NEAR_MM);
    expect(-gapMm, `drawn twice before line ${i}`).toBeLessThan(overlapMm);
  }
  expect(LENGTH_MM - ends.at(-1)![1]).toBeLessThan(NEAR_MM);
}

/** How far along the line the place nearest to `x`, `y` is, mm. */
function mmAlong(x: number, y: number): number {
  let [bestMm, near, doneMm] = [0, Infinity, 0];
  for (let i = 2; i < TRUTH.length; i += 2) {
    const [ax, ay] = [TRUTH[i - 2]!, TRUTH[i - 1]!];
    const [dx, dy] = [TRUTH[i]! - ax, TRUTH[i + 1]! - ay];
    const mm = Math.hypot(dx, dy);
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / mm ** 2));
    const distance = Math.hypot(ax + along * dx - x, ay + along * dy - y);
    if (distance < near) [near, bestMm] = [distance, doneMm + along * mm];
    doneMm += mm;
  }
  return bestMm;
}

export async function resumeToEnd({ url }: { url: string }): Promise<void> {
  const { until } = await listen(url);
  await until((frame) => frame.type === "device_status" && frame.status === "paused");
  const answer = await ask(url, "/api/v1/jobs/long/resume", "POST");
  expect(answer.body).toMatchObject({ state: "RUNNING" });
  const end = await until((frame) => frame.to_state === "COMPLETED" || frame.to_state === "PAUSED");
  expect(end).toMatchObject({ to_state: "COMPLETED" });
}

export function driverPids(daemon: RunningDaemon): number[] {
  const pid = daemon.child.pid!;
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").map(Number);
}
