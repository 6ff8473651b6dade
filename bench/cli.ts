import { parseArgs } from "node:util";
import { deviceView, jobView } from "../test/support/views.ts";
import { WireServer } from "../test/support/wire-server.ts";
import { keyDelays } from "./cli-keys.ts";
import { linesPerSecond, stoppedReader } from "./cli-lines.ts";
import { soak } from "./cli-soak.ts";
import { firstFrames, timeOf } from "./cli-start.ts";
import { type Traffic, watchTraffic } from "./cli-traffic.ts";

/**
 * `npm run bench -- cli [--rounds 9] [--seconds 4] [--soak 60]`: start-up as ratios to `node -e 0` of the same round, what the
 * monitor writes and uses, how soon it heeds a key, and lines into a pipe. The daemon's side is the test's server, so that
 * nothing else is measured.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "9" },
      seconds: { type: "string", default: "4" },
      lines: { type: "string", default: "400000" },
      soak: { type: "string", default: "60" },
    },
  });
  const daemon = await new WireServer().start();
  for (let i = 0; i < 10; i++)
    daemon.jobs.set(`job_${i}`, jobView(`job_${i}`, { state: i < 3 ? "RUNNING" : "QUEUED", progress: 0.42 }));
  for (let i = 1; i <= 3; i++) daemon.devices.set(`virtual_00${i}`, deviceView(`virtual_00${i}`));
  daemon.plans.set("job_0", spiral());
  try {
    await startUp(daemon, Number(values.rounds));
    await traffic(daemon, Number(values.seconds));
    const { perSecond, perCpuSecond, rssMb } = await linesPerSecond(daemon, Number(values.lines));
    row("NDJSON into a pipe, lines/s", format(perSecond), ">= 200,000");
    row("  a second of its CPU time", format(perCpuSecond), "what it would be on a core of its own");
    row("  its memory at the end, MB", rssMb.toFixed(0), "");
    const stopped = await stoppedReader(daemon, Number(values.lines));
    row("  with a stopped reader, MB", stopped.toFixed(0), "< 80");
    await lasting(daemon, Number(values.soak));
  } finally {
    await daemon.stop();
  }
}

async function startUp(daemon: WireServer, rounds: number): Promise<void> {
  const taken: Record<string, number[]> = { node: [], version: [], stats: [], paint: [], live: [] };
  for (let round = 0; round < rounds; round++) {
    taken.node!.push(await timeOf(["-e", "0"]));
    taken.version!.push(await timeOf(["bin/plotty.js", "--version"]));
    taken.stats!.push(await timeOf(["bin/plotty.js", "stats", "websocket", "--url", daemon.url]));
    const { paintMs, liveMs } = await firstFrames(daemon.url);
    taken.paint!.push(paintMs);
    taken.live!.push(liveMs);
  }
  row("", "median ms", "ratio to node -e 0, median (least … most)");
  for (const [name, what, wanted] of [
    ["node", "node -e 0", ""],
    ["version", "plotty --version", "<= 1.6"],
    ["stats", "plotty stats websocket", "<= 2.8"],
    ["paint", "monitor: first paint", "<= 75/24 = 3.1"],
    ["live", "monitor: first live frame", "<= 220/24 = 9.2"],
  ] as const) {
    const ratios = taken[name]!.map((ms, round) => ms / taken.node![round]!);
    const spread = `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} … ${Math.max(...ratios).toFixed(2)})`;
    row(what, median(taken[name]!).toFixed(0), `${spread.padEnd(24)} ${wanted}`);
  }
}

async function traffic(daemon: WireServer, seconds: number): Promise<void> {
  row("", "bytes/s", "CPU %, memory");
  for (const [columns, rows, rate, wanted] of [
    [80, 24, 0, "0"],
    [80, 24, 10, "<= 2,500"],
    [80, 24, 100, "<= 5,000"],
    [120, 40, 100, "CPU <= 18 %"],
  ] as const) {
    const told: Traffic = await watchTraffic(daemon, { columns, rows, rate, seconds });
    const use = `${told.cpuPercent.toFixed(0)} %, ${told.rssMb.toFixed(0)} MB`;
    row(
      `monitor ${columns}x${rows}, ${rate} events/s`,
      format(told.bytesPerSecond),
      `${use.padEnd(24)} ${wanted}`,
    );
  }
}

async function lasting(daemon: WireServer, seconds: number): Promise<void> {
  const load = { columns: 120, rows: 40, rate: 100 };
  const delays = await keyDelays(daemon, { ...load, seconds: 6 });
  row("key to screen, p50 and p90, ms", `${share(delays, 0.5)} ${share(delays, 0.9)}`, "p90 <= 50");
  if (seconds === 0) return;
  const { grownMb, mostMb } = await soak(daemon, { ...load, seconds });
  row(`memory after ${seconds} s, MB`, mostMb.toFixed(0), "<= 130");
  row("  growth over its last third, MB", grownMb.toFixed(1), "<= 10 in 30 minutes");
}

function share(sorted: readonly number[], part: number): string {
  return sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(0);
}

function row(what: string, figure: string, more: string): void {
  process.stdout.write(`${what.padEnd(36)} ${figure.padStart(12)}   ${more}\n`);
}

/** A drawing of 2000 points for the monitor to show. */
function spiral() {
  const line = Array.from({ length: 2000 }, (_, i): [number, number] => [
    150 + (i / 20) * Math.cos(i / 30),
    100 + (i / 20) * Math.sin(i / 30),
  ]);
  return { unit: "mm" as const, polylines: [line], meta: [{ layer: "", stroke: 0 }], notes: [] };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function format(value: number): string {
  return Math.round(value).toLocaleString("en");
}
