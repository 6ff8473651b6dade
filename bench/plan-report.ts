import type { PlanResult } from "./plan-result.ts";

export interface Row {
  readonly name: string;
  readonly joinMm: number;
  readonly preset: string;
  readonly ours: PlanResult;
  readonly peer: PlanResult | null;
}

const FIGURES = [
  { title: "time s", of: ({ wallMs }: PlanResult) => wallMs / 1000, digits: 2 },
  { title: "CPU s", of: ({ cpuMs }: PlanResult) => cpuMs / 1000, digits: 2 },
  { title: "peak MB", of: ({ peakMb }: PlanResult) => peakMb, digits: 0 },
  { title: "ink m", of: ({ inkMm }: PlanResult) => inkMm / 1000, digits: 1 },
  { title: "travel mm", of: ({ travelMm }: PlanResult) => travelMm, digits: 0 },
  { title: "lifts", of: ({ lifts }: PlanResult) => lifts, digits: 0 },
  { title: "planned s", of: ({ plannedS }: PlanResult) => plannedS, digits: 0 },
] as const;

/** saxi 0.15.0's times as measured on another day (its stages called as here), shown where it cannot be run. */
const RECORDED_S: Readonly<Record<string, number>> = {
  ...{ "lines-1k": 0.42, "lines-10k": 1.05, "lines-100k": 9.47, "curves-10k": 1.92 },
  ...{ "polylines-2k": 2.23, "hatch-20k": 1.25, "spiral-200k": 1.62, "stress-1m": 6.25 },
};

/** Each figure as ours / the peer's = ratio. */
export function printTable(rows: readonly Row[]): void {
  const isAlone = rows.every(({ peer }) => peer === null);
  process.stdout.write(
    `From the bytes of an SVG to a plan, ours on the disk, each in a process of its own; 200 mm/s², 50 mm/s and 0.127 mm down, 400 mm/s² and
200 mm/s up, 0.12 s a lift and a drop. ${isAlone ? "saxi could not be run: its times are recorded ones." : "plotty / saxi 0.15.0 = ratio."}\n\n`,
  );
  print(["drawing", "join mm", "preset", ...FIGURES.map(({ title }) => title)], rows.map(cells));
}

function cells({ name, joinMm, preset, ours, peer }: Row): string[] {
  const figures = FIGURES.map(({ title, of, digits }) => {
    const mine = of(ours).toFixed(digits);
    if (peer) return `${mine} / ${of(peer).toFixed(digits)} = ${(of(ours) / of(peer)).toFixed(2)}`;
    const recorded = title === "time s" && preset === "balanced" ? RECORDED_S[name] : undefined;
    return recorded === undefined ? mine : `${mine} / recorded ${recorded}`;
  });
  return [name, `${joinMm}`, preset, ...figures];
}

const STAGES = ["read", "place", "order", "plan"] as const;

export function printStages(rows: readonly Row[]): void {
  process.stdout.write(
    "\nms by stage, plotty / saxi (whose reading holds parsing and flattening); ours plans and writes at once:\n\n",
  );
  print(
    ["drawing", "join mm", "preset", ...STAGES],
    rows.map(({ name, joinMm, preset, ours, peer }) => [
      name,
      `${joinMm}`,
      preset,
      ...STAGES.map((stage) => `${ms(ours, stage)}${peer ? ` / ${ms(peer, stage)}` : ""}`),
    ]),
  );
}

function ms({ stages }: PlanResult, stage: string): string {
  return stages[stage] === undefined ? "-" : stages[stage].toFixed(0);
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const rule = head.map((_, i) => (i === 0 || i === 2 ? "---" : "---:"));
  process.stdout.write([head, rule, ...rows].map(line).join(""));
}
