import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { FromBoard } from "./stream-board.ts";
import type { ToClients } from "./stream-clients.ts";

const BIN = fileURLToPath(new URL("../../bin/plotty.js", import.meta.url));
const PEN = "{width_mm: 0.3, speed_mm_s: 50, accel_mm_s2: 200}";
const LOOK_EVERY_MS = 250;

/**
 * `npm run bench -- stream [--strokes 120] [--reading 100] [--stalled 100] [--flooding 1]`: a hatch of short strokes is drawn on
 * a board on a pseudo-terminal, while clients read, stall and flood. Needs `npm run build`.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      strokes: { type: "string", default: "120" },
      reading: { type: "string", default: "100" },
      stalled: { type: "string", default: "100" },
      flooding: { type: "string", default: "1" },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), "plotty-bench-"));
  const children: ChildProcess[] = [];
  try {
    const board = fork(program("stream-board"));
    children.push(board);
    const { path } = (await message(board)) as Extract<FromBoard, { type: "port" }>;
    const daemon = startDaemon(directory, path);
    children.push(daemon);
    const url = await daemonUrl(daemon);
    const clients = fork(program("stream-clients"));
    children.push(clients);
    const count = (text: string) => Number(text);
    const crowd: ToClients = {
      url,
      reading: count(values.reading),
      stalled: count(values.stalled),
      flooding: count(values.flooding),
    };
    clients.send(crowd);
    let frames = 0;
    clients.on("message", (told: { frames: number }) => {
      frames = told.frames;
    });
    await draw(url, hatch(count(values.strokes)));
    board.send("sum");
    const sum = (await message(board)) as Extract<FromBoard, { type: "sum" }>;
    const { starved_strokes } = (await ask(url, "/api/v1/stats/devices")) as { starved_strokes: number };
    print(crowd, sum, starved_strokes, frames);
  } finally {
    for (const child of children) child.kill();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function program(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url));
}

function startDaemon(directory: string, port: string): ChildProcess {
  const config = join(directory, "config.yaml");
  writeFileSync(
    config,
    `devices: [{id: axidraw_001, driver: ebb, port: ${port}}]\npens: {black: ${PEN}}\nwebsocket: {max_connections: 400}\n`,
  );
  return spawn(process.execPath, [BIN, "daemon", "--port", "0", "--config", config, "--log-level", "error"], {
    env: { ...process.env, PLOTTY_DATA_DIR: join(directory, "data") },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function daemonUrl(daemon: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    let text = "";
    daemon.stdout!.on("data", (data) => {
      text += data;
      const match = /listening on (\S+)/.exec(text);
      if (match) found(match[1]!);
    });
    daemon.once("exit", (code) => fail(new Error(`the daemon ended (${code}): is it built?`)));
  });
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((found) => child.once("message", found));
}

/** Zigzags of five short pieces, two millimetres apart: many slices, many lifts. */
function hatch(strokes: number): string {
  const lines = Array.from({ length: strokes }, (_, i) => {
    const [x, y] = [10 + (i % 12) * 8, 10 + Math.floor(i / 12) * 2];
    return `M${x} ${y}l1.2 1 l1.2 -1 l1.2 1 l1.2 -1 l1.2 1`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="120mm" height="200mm" viewBox="0 0 120 200">
    <path d="${lines.join("")}" fill="none" stroke="black"/></svg>`;
}

async function draw(url: string, svg: string): Promise<void> {
  while (((await ask(url, "/api/v1/devices/axidraw_001")) as { status: string }).status !== "connected")
    await turn();
  await ask(url, "/api/v1/devices/axidraw_001/ready", "{}", "application/json");
  await ask(url, "/api/v1/jobs?name=hatch&optimize=fast", svg, "image/svg+xml");
  for (;;) {
    const { state, reason } = (await ask(url, "/api/v1/jobs/hatch")) as { state: string; reason: string };
    if (state === "COMPLETED") return;
    if (state === "FAILED" || state === "PAUSED") throw new Error(`the hatch is ${state}: ${reason}`);
    await turn();
  }
}

async function ask(url: string, path: string, body?: string, contentType = ""): Promise<unknown> {
  const address = url.replace(/^ws/, "http").replace(/\/ws$/, path);
  const headers = body === undefined ? undefined : { "content-type": contentType };
  const response = await fetch(address, { method: body === undefined ? "GET" : "POST", body, headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

function print(
  crowd: ToClients,
  sum: Extract<FromBoard, { type: "sum" }>,
  counted: number,
  frames: number,
): void {
  const sorted = [...sum.waitsMs].sort((a, b) => a - b);
  const share = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(2);
  const { reading, stalled, flooding } = crowd;
  process.stdout.write(
    `${[
      `${sum.strokes} strokes, ${sorted.length} commands; clients: ${reading} reading (${frames} frames), ${stalled} stalled, ${flooding} flooding`,
      `starved strokes: ${sum.starved} on the board, ${counted} as plotty counts them (wanted: 0)`,
      `command hand-off, from room in the board's FIFO to the command's arrival: p50 ${share(0.5)} ms, p99 ${share(0.99)} ms (wanted: <= 5), worst ${share(1)} ms`,
    ].join("\n")}\n`,
  );
}
