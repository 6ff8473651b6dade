import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { WireServer } from "../test/support/wire-server.ts";
import { openMonitor } from "./cli-start.ts";

export interface Traffic {
  readonly bytesPerSecond: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMb: number;
}

export interface Load {
  readonly columns: number;
  readonly rows: number;
  /** Events a second: half of them progress of three jobs, half places of three machines. */
  readonly rate: number;
  readonly seconds: number;
}

const SETTLE_MS = 1500;
const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"]).toString());

/** What the monitor writes and uses while so many events a second reach it. Linux only: it reads /proc. */
export async function watchTraffic(daemon: WireServer, load: Load): Promise<Traffic> {
  const child = openMonitor(daemon.url, load.columns, load.rows);
  let bytes = 0;
  child.onData((data) => {
    bytes += Buffer.byteLength(data);
  });
  const exited = new Promise<void>((resolve) => child.onExit(() => resolve()));
  for (let before = -1; bytes === 0 || bytes !== before; ) {
    before = bytes;
    await wait(SETTLE_MS);
  }
  const [bytesBefore, cpuBefore, started] = [bytes, cpuSeconds(child.pid), performance.now()];
  await publish(daemon, load);
  const seconds = (performance.now() - started) / 1000;
  const told = {
    bytesPerSecond: (bytes - bytesBefore) / seconds,
    cpuPercent: (100 * (cpuSeconds(child.pid) - cpuBefore)) / seconds,
    rssMb: rssMb(child.pid),
  };
  child.write("q");
  await exited;
  return told;
}

/** Sends events at the load's rate for as long as it says. */
export async function publish(daemon: WireServer, { rate, seconds }: Load): Promise<void> {
  const started = performance.now();
  for (let sent = 0; ; ) {
    const elapsed = (performance.now() - started) / 1000;
    if (elapsed >= seconds) return;
    for (; sent < elapsed * rate; sent++) publishOne(daemon, sent, elapsed / seconds);
    await wait(5);
  }
}

function publishOne(daemon: WireServer, n: number, share: number): void {
  const which = (n >> 1) % 3;
  const points = Math.floor(share * 2000);
  if (n % 2 === 0) {
    daemon.publishState({
      type: "job_progress",
      job_id: `job_${which}`,
      progress: share,
      current_layer: 1,
      total_layers: 1,
      estimated_remaining: Math.ceil((1 - share) * 60),
      metadata: { points_plotted: points, total_points: 2000 },
    });
  } else {
    daemon.publishState({
      type: "device_status",
      device_id: `virtual_00${which + 1}`,
      status: "busy",
      pen_up: n % 20 === 1,
      position: {
        x: 150 + (points / 20) * Math.cos(points / 30),
        y: 100 + (points / 20) * Math.sin(points / 30),
      },
      metadata: { firmware_version: "3.0.2", motor_current: null },
    });
  }
}

export function rssMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

/** User and system time; the fields after the command's name, which may hold blanks itself. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
