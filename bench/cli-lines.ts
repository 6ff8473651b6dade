import { spawn } from "node:child_process";
import type { WireServer } from "../test/support/wire-server.ts";
import { cpuSeconds, rssMb } from "./cli-traffic.ts";

const BATCH = 2000;

/** Lines a second through `monitor --follow --format json` into a pipe, first to last, when the daemon sends all it can. */
export async function linesPerSecond(
  daemon: WireServer,
  lines: number,
): Promise<{ perSecond: number; perCpuSecond: number; rssMb: number }> {
  const words = [
    "bin/plotty.js",
    "monitor",
    "--follow",
    "--format",
    "json",
    "--channels",
    "device",
    "--url",
    daemon.url,
  ];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const text = JSON.stringify({
    type: "device_status",
    timestamp: new Date().toISOString(),
    device_id: "virtual_001",
    status: "busy",
    pen_up: false,
    position: { x: 123.456, y: 78.9 },
    metadata: { firmware_version: "3.0.2", motor_current: null },
  });
  const counter = countLines(child.stdout);
  while (daemon.subscribers === 0) await turn();
  await counter.reached(1);
  const first = counter.count();
  const [cpuBefore, started] = [cpuSeconds(child.pid!), performance.now()];
  for (let sent = 0; sent < lines; sent += BATCH) await daemon.flood("device_status", text, BATCH);
  await counter.reached(first + lines);
  const perSecond = lines / ((performance.now() - started) / 1000);
  const perCpuSecond = lines / (cpuSeconds(child.pid!) - cpuBefore);
  const memory = rssMb(child.pid!);
  const exited = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGTERM");
  await exited;
  return { perSecond, perCpuSecond, rssMb: memory };
}

function countLines(stream: NodeJS.ReadableStream) {
  let count = 0;
  let wake = () => {};
  stream.on("data", (chunk: Buffer) => {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count += 1;
    wake();
  });
  const reached = async (wanted: number) => {
    while (count < wanted) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { count: () => count, reached };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
