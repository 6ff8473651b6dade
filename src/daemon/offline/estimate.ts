import type { Command } from "commander";
import { PlottyError } from "../../shared/errors.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import { prepare } from "../prepare.ts";
import { type PlanFlags, readDrawing, settingsFor, tellNotes, withPlanFlags } from "./input.ts";
import { print } from "./output.ts";
import { whileWaiting } from "./wait-bar.ts";

/** `plotty estimate FILE`: how long a drawing takes and how far the pen goes. */
export function addEstimate(program: Command): void {
  withPlanFlags(program.command("estimate"))
    .description("how long a drawing takes, how much ink and how many pen lifts")
    .option("--format <format>", "text, json or table", "text")
    .addHelpText(
      "after",
      `
Examples:
  $ plotty estimate drawing.svg
  $ plotty estimate drawing.svg --paper a4 --fit page --format json`,
    )
    .action(async (file: string, flags: PlanFlags & { format: string }) => {
      const show = FORMATS[flags.format];
      if (!show)
        throw new PlottyError("usage.invalid", `--format is text, json or table, not "${flags.format}"`);
      const { svg, bytes } = readDrawing(file);
      const plan = whileWaiting(`planning ${file}`, bytes, () => prepare(svg, settingsFor(flags)));
      tellNotes(plan.notes);
      await print([await show(plan)]);
    });
}

const FORMATS: Readonly<Record<string, (plan: MotionPlan) => string | Promise<string>>> = {
  json: estimateJson,
  text: (plan) =>
    rowsOf(plan)
      .map(([what, value]) => `${what.padEnd(10)} ${value}\n`)
      .join(""),
  table: async (plan) => {
    const { default: Table } = await import("cli-table3");
    const table = new Table({ style: { head: [], border: [] } });
    table.push(...rowsOf(plan).map(([what, value]) => [what, value]));
    return `${table.toString()}\n`;
  },
};

function estimateJson({ totals, notes }: MotionPlan): string {
  const estimate = {
    duration_s: totals.durationS,
    draw_s: totals.drawS,
    travel_s: totals.travelS,
    pen_s: totals.penS,
    ink_mm: totals.inkMm,
    travel_mm: totals.travelMm,
    lifts: totals.lifts,
    notes,
  };
  return `${JSON.stringify(estimate)}\n`;
}

function rowsOf({ totals }: MotionPlan): [string, string][] {
  const { durationS, drawS, travelS, penS, inkMm, travelMm, lifts } = totals;
  return [
    ["time", duration(durationS)],
    ["  drawing", duration(drawS)],
    ["  travel", duration(travelS)],
    ["  pen", duration(penS)],
    ["ink", `${(inkMm / 1000).toFixed(2)} m`],
    ["travel", `${(travelMm / 1000).toFixed(2)} m`],
    ["lifts", String(lifts)],
  ];
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${seconds.toFixed(1)} s`;
}
