import { parseArgs } from "node:util";
import { disturb } from "./fanout-disturb.ts";
import { type Figures, measure, type ServerName } from "./fanout-session.ts";

/** What each figure may be at worst, against the raw TCP server measured beside it. */
const TARGETS = [
  { figure: "single", text: "one event a turn, deliveries/s", digits: 0, wants: ">= 0.90" },
  { figure: "burst", text: "16 events a turn, deliveries/s", digits: 0, wants: ">= 0.80" },
  { figure: "p50Ms", text: "p50 at 20 events/s, ms", digits: 1, wants: "" },
  { figure: "p99Ms", text: "p99 at 20 events/s, ms", digits: 1, wants: "<= 1.15" },
  { figure: "cpuSingle", text: "CPU s a million, one a turn", digits: 2, wants: "" },
  { figure: "cpuBurst", text: "CPU s a million, 16 a turn", digits: 2, wants: "" },
  { figure: "kbPerClient", text: "KB a connection", digits: 1, wants: "<= 12 KB" },
] as const;

/** `npm run bench -- fanout [--clients 1000,5000] [--rounds 3] [--seconds 3] [--disturb]` */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      clients: { type: "string" },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string" },
      disturb: { type: "boolean", default: false },
    },
  });
  if (values.disturb) return showDisturbed(values.clients ?? "1000", Number(values.seconds ?? 8));
  const seconds = Number(values.seconds ?? 3);
  process.stdout.write(
    "250-byte events to WebSocket clients in another process; raw TCP: one ready buffer to each plain socket.\n" +
      "Ratios are plotty / raw TCP of the same round, in the median; the figures are medians too.\n",
  );
  for (const clients of (values.clients ?? "1000,5000").split(",").map(Number)) {
    const rounds: Record<ServerName, Figures>[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const raw = await measure("raw", clients, seconds);
      rounds.push({ raw, plotty: await measure("plotty", clients, seconds) });
    }
    process.stdout.write(`\n${table(clients, rounds)}\n`);
  }
}

async function showDisturbed(clients: string, seconds: number): Promise<void> {
  for (const count of clients.split(",").map(Number)) {
    process.stdout.write(`\n${await disturb(count, seconds)}\n`);
  }
}

function table(clients: number, rounds: readonly Record<ServerName, Figures>[]): string {
  const rows = TARGETS.map(({ figure, text, digits, wants }) => {
    const shown = (server: ServerName) =>
      format(median(rounds.map((round) => round[server][figure])), digits);
    const ratios = rounds.map(({ raw, plotty }) => plotty[figure] / raw[figure]);
    const spread = `${Math.min(...ratios).toFixed(2)} … ${Math.max(...ratios).toFixed(2)}`;
    return [text, shown("raw"), shown("plotty"), median(ratios).toFixed(2), spread, wants];
  });
  const head = [`${format(clients, 0)} clients`, "raw TCP", "plotty", "ratio", "spread", "wanted"];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length), title.length),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const lost = rounds.reduce((sum, { raw, plotty }) => sum + raw.lost + plotty.lost, 0);
  return [line(head), rule, ...rows.map(line), `connections lost: ${lost}`].join("\n");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function format(value: number, digits: number): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
