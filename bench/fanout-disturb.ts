import { setTimeout as sleep } from "node:timers/promises";
import type { FromClient, ToClient } from "./fanout-client.ts";
import type { FromMob, ToMob } from "./fanout-mob.ts";
import { next, start, tell } from "./fanout-process.ts";
import type { FromServer, ToServer } from "./fanout-serve.ts";
import type { FromWatch, ToWatch } from "./fanout-watch.ts";

const PACE = 20;
const WARM_UP_MS = 700;
const MIB = 1024 * 1024;

interface Phase {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly watched: FromWatch;
}

/** One daemon, its readers and three that behave badly: what the readers and the daemon's memory feel of them. */
export async function disturb(clients: number, seconds: number): Promise<string> {
  const server = start("fanout-plotty", 0);
  const load = start("fanout-client", 1);
  const mob = start("fanout-mob", 1, false);
  try {
    const { port } = await next<FromServer, "listening">(server, "listening");
    tell<ToClient>(load, { type: "open", port, clients, speaks: "ws" });
    await next<FromClient, "ready">(load, "ready");
    tell<ToServer>(server, { type: "paced", perSecond: PACE });
    await sleep(WARM_UP_MS);
    const phase = async (forStuck: boolean): Promise<Phase> => {
      tell<ToServer>(server, { type: "memory" });
      await next<FromServer, "memory">(server, "memory");
      tell<ToWatch>(server, { type: "watch", forStuck });
      if (forStuck) tell<ToMob>(mob, { type: "misbehave", port });
      tell<ToClient>(load, { type: "start", latencies: true, naps: false });
      await sleep(seconds * 1000);
      tell<ToClient>(load, { type: "stop" });
      const { latenciesMs } = await next<FromClient, "sum">(load, "sum");
      tell<ToWatch>(server, { type: "unwatch" });
      const watched = await next<FromWatch, "watched">(server, "watched");
      const sorted = latenciesMs.sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
      return { p50Ms: at(0.5), p99Ms: at(0.99), watched };
    };
    const calm = await phase(false);
    const disturbed = await phase(true);
    tell<ToMob>(mob, { type: "behave" });
    const misdeeds = await next<FromMob, "misdeeds">(mob, "misdeeds");
    tell<ToClient>(load, { type: "stop" });
    const { lost } = await next<FromClient, "sum">(load, "sum");
    return report(clients, seconds, calm, disturbed, misdeeds, lost);
  } finally {
    for (const child of [mob, load, server]) child.disconnect();
  }
}

function report(
  clients: number,
  seconds: number,
  calm: Phase,
  disturbed: Phase,
  { floodedMessages, floods, dropped }: FromMob,
  lost: number,
): string {
  const grownMib = (disturbed.watched.peakRssBytes - calm.watched.peakRssBytes) / MIB;
  const { stuckMs } = disturbed.watched;
  const ratio = (figure: "p50Ms" | "p99Ms") => (disturbed[figure] / calm[figure]).toFixed(2);
  const rows = [
    [`${clients.toLocaleString("en")} clients at ${PACE} events/s`, "calm", "disturbed", "ratio", "wanted"],
    ["---", "--:", "--:", "--:", "--:"],
    ["p50, ms", calm.p50Ms.toFixed(1), disturbed.p50Ms.toFixed(1), ratio("p50Ms"), ""],
    ["p99, ms", calm.p99Ms.toFixed(1), disturbed.p99Ms.toFixed(1), ratio("p99Ms"), "<= 2"],
    ["the daemon's memory at its peak, MB more", "", grownMib.toFixed(1), "", "<= 20"],
    [
      "one that never reads is gone after, s",
      "",
      stuckMs ? (stuckMs / 1000).toFixed(2) : "still there",
      "",
      "<= 2",
    ],
  ];
  const perSecond = (count: number) => Math.round(count / seconds).toLocaleString("en");
  return [
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    `beside one that never reads, a flood of ${perSecond(floodedMessages)} messages/s over ${floods} connections, and ` +
      `${perSecond(dropped)} connections a second opened and dropped; readers lost: ${lost}`,
  ].join("\n");
}
