import { isFinished } from "../../shared/job-machine.ts";
import type { Mirror } from "../client/mirror.ts";
import { CHANNELS } from "../client/vocabulary.ts";
import { formatDuration } from "../text/format.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo } from "../text/width.ts";
import type { Throughput } from "./throughput.ts";

/** What `GET /api/v1/stats/websocket` says, as far as the pane shows it; null while the daemon is away. */
export interface Traffic {
  readonly connections?: { readonly open: number; readonly max: number } | number;
  readonly messages_out_per_second?: number;
  readonly bytes_out_per_second?: number;
  readonly latency_ms?: { readonly p50: number | null; readonly p99: number | null };
}

/** The pane of figures: events a second by channel, the queue, and the daemon's connections. */
export function statisticsLines(
  mirror: Mirror,
  throughput: Throughput,
  traffic: Traffic | null,
  nowMs: number,
  width: number,
  theme: Theme,
): string[] {
  const inCells = (text: string) => fitTo(text, width, theme.glyphs.ellipsis);
  const cells = Math.max(8, Math.min(60, width - 20));
  const sparks = CHANNELS.map((channel) => {
    const series = throughput.series(channel, cells, nowMs);
    const rate = `${series.at(-1) ?? 0}/s`.padStart(6);
    return `  ${fitTo(channel, 8)} ${theme.good(sparkline(series, theme))} ${rate}`;
  });
  return [
    ...sparks,
    inCells(`  ${queueWords(mirror)}`),
    inCells(`  ${trafficWords(traffic)}`),
    inCells(`  ${outWords(traffic)}`),
  ];
}

/** One character a value, as high as its share of the largest. */
export function sparkline(values: readonly number[], { glyphs }: Theme): string {
  const most = Math.max(1, ...values);
  const steps = glyphs.spark.length - 1;
  return values.map((value) => glyphs.spark[value === 0 ? 0 : Math.ceil((value / most) * steps)]!).join("");
}

/** What waits and what is drawn. */
export function queueWords({ jobs }: Mirror): string {
  const open = [...jobs.values()].filter(({ state }) => !isFinished(state));
  const waiting = open.filter(({ state }) => state !== "RUNNING" && state !== "PAUSED");
  const leftS = open.reduce(
    (sum, job) => sum + (job.estimated_remaining ?? job.estimate?.duration_s ?? 0),
    0,
  );
  return `queue    ${waiting.length} waiting, ${open.length - waiting.length} drawing, ${formatDuration(leftS)}`;
}

/** Who listens. */
export function trafficWords(traffic: Traffic | null): string {
  if (!traffic) return "clients  unknown";
  const { connections, latency_ms: latency } = traffic;
  const open =
    typeof connections === "number" ? String(connections) : `${connections?.open}/${connections?.max}`;
  const p99 = typeof latency?.p99 === "number" ? `, latency p99 ${latency.p99.toFixed(1)} ms` : "";
  return `clients  ${open}${p99}`;
}

function outWords(traffic: Traffic | null): string {
  if (traffic?.messages_out_per_second === undefined) return "";
  const { messages_out_per_second: messages, bytes_out_per_second: bytes = 0 } = traffic;
  return `sent     ${messages.toFixed(1)} frames/s, ${(bytes / 1000).toFixed(1)} kB/s`;
}
