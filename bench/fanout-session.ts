import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { FromClient, ToClient } from "./fanout-client.ts";
import { FRAME_BYTES } from "./fanout-event.ts";
import { next, start, tell } from "./fanout-process.ts";
import type { FromServer, ToServer } from "./fanout-serve.ts";

export type ServerName = "raw" | "plotty";

export interface Figures {
  /** Deliveries a second, flat out. */
  readonly single: number;
  readonly burst: number;
  readonly cpuSingle: number;
  readonly cpuBurst: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly kbPerClient: number;
  /** Connections that ended. */
  readonly lost: number;
}

const WARM_UP_MS = 700;
const PACE = 20;
const BURST = 16;

/** One server, one load client, both new: memory at rest, latency at a modest rate, then flat out. */
export async function measure(name: ServerName, clients: number, seconds: number): Promise<Figures> {
  const server = start(`fanout-${name}`, 0);
  const load = start("fanout-client", 1);
  try {
    const { port } = await next<FromServer, "listening">(server, "listening");
    await sleep(300);
    const empty = await rss(server);
    tell<ToClient>(load, { type: "open", port, clients, speaks: name === "raw" ? "tcp" : "ws" });
    await next<FromClient, "ready">(load, "ready");
    await sleep(1000);
    const kbPerClient = ((await rss(server)) - empty) / 1024 / clients;
    load.on("message", (message: FromClient) => {
      if (message.type === "received") tell<ToServer>(server, message);
    });
    const paced = await phase(server, load, seconds, { type: "paced", perSecond: PACE });
    const single = await phase(server, load, seconds, { type: "flood", perTurn: 1, clients });
    const burst = await phase(server, load, seconds, { type: "flood", perTurn: BURST, clients });
    const sorted = paced.latenciesMs.sort((a, b) => a - b);
    return {
      single: single.perSecond,
      burst: burst.perSecond,
      cpuSingle: single.cpuPerMillion,
      cpuBurst: burst.cpuPerMillion,
      p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
      kbPerClient,
      lost: burst.lost,
    };
  } finally {
    load.removeAllListeners("message");
    load.disconnect();
    server.disconnect();
  }
}

async function phase(server: ChildProcess, load: ChildProcess, seconds: number, order: ToServer) {
  const isPaced = order.type === "paced";
  tell<ToClient>(load, { type: "start", latencies: false, naps: !isPaced });
  tell<ToServer>(server, order);
  await sleep(WARM_UP_MS);
  const before = await sum(load);
  await cpu(server);
  tell<ToClient>(load, { type: "start", latencies: isPaced, naps: !isPaced });
  // The publisher's window counts from where the load counts: tell it that both begin anew.
  if (!isPaced) {
    tell<ToServer>(server, { type: "stop" });
    tell<ToServer>(server, order);
  }
  await sleep(seconds * 1000);
  const [cpuUs, after] = await Promise.all([cpu(server), sum(load)]);
  tell<ToServer>(server, { type: "stop" });
  await drained(load);
  const deliveries = after.bytes / FRAME_BYTES;
  return {
    perSecond: deliveries / (after.us / 1e6),
    cpuPerMillion: cpuUs / deliveries,
    latenciesMs: after.latenciesMs,
    lost: after.lost - before.lost,
  };
}

/** Until nothing more comes. */
async function drained(load: ChildProcess): Promise<void> {
  for (let bytes = -1; ; ) {
    const now = (await sum(load)).bytes;
    if (now === bytes) return;
    bytes = now;
    await sleep(200);
  }
}

async function sum(load: ChildProcess) {
  tell<ToClient>(load, { type: "stop" });
  return next<FromClient, "sum">(load, "sum");
}

async function cpu(server: ChildProcess): Promise<number> {
  tell<ToServer>(server, { type: "mark" });
  return (await next<FromServer, "cpu">(server, "cpu")).us;
}

async function rss(server: ChildProcess): Promise<number> {
  tell<ToServer>(server, { type: "memory" });
  return (await next<FromServer, "memory">(server, "memory")).rssBytes;
}
