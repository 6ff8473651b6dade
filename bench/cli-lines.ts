import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { WireServer } from "../test/support/wire-server.ts";
import { cpuSeconds, rssMb, wait } from "./cli-traffic.ts";

const BATCH = 2000;
/** A follower that has not taken a batch by then has stopped reading. */
const STOPPED_MS = 1000;

/** Lines a second through `monitor --follow --format json` into a pipe, first to last, when the daemon sends all it can. */
export async function linesPerSecond(
  daemon: WireServer,
  lines: number,
): Promise<{ perSecond: number; perCpuSecond: number; rssMb: number }> {
  const child = await startFollower(daemon);
  const counter = countLines(child.stdout);
  await counter.reached(1);
  const first = counter.count();
  const [cpuBefore, started] = [cpuSeconds(child.pid!), performance.now()];
  for (let sent = 0; sent < lines; sent += BATCH) await daemon.flood("device_status", POSITION, BATCH);
  await counter.reached(first + lines);
  const perSecond = lines / ((performance.now() - started) / 1000);
  const perCpuSecond = lines / (cpuSeconds(child.pid!) - cpuBefore);
  const memory = rssMb(child.pid!);
  await end(child);
  return { perSecond, perCpuSecond, rssMb: memory };
}

/** The follower's memory when nobody reads its pipe and the daemon has more to say. */
export async function stoppedReader(daemon: WireServer, lines: number): Promise<number> {
  const child = await startFollower(daemon);
  let isStopped = false;
  for (let sent = 0; sent < lines && !isStopped; sent += BATCH) {
    const taken = daemon.flood("device_status", POSITION, BATCH).then(() => false);
    isStopped = await Promise.race([taken, wait(STOPPED_MS).then(() => true)]);
  }
  const memory = rssMb(child.pid!);
  await end(child);
  return memory;
}

type Follower = ChildProcessByStdio<null, Readable, null>;

async function startFollower(daemon: WireServer): Promise<Follower> {
  const flags = ["--follow", "--format", "json", "--channels", "device", "--url", daemon.url];
  const child = spawn(process.execPath, ["bin/plotty.js", "monitor", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  while (daemon.subscribers === 0) await wait(5);
  return child;
}

async function end(child: Follower): Promise<void> {
  const exited = new Promise((resolve) => child.on("exit", resolve));
  child.stdout.destroy();
  child.kill("SIGTERM");
  await exited;
}

const POSITION = JSON.stringify({
  type: "device_status",
  timestamp: new Date().toISOString(),
  device_id: "virtual_001",
  status: "busy",
  pen_up: false,
  position: { x: 123.456, y: 78.9 },
  metadata: { firmware_version: "3.0.2", motor_current: null },
});

function countLines(stream: Readable) {
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
