import { readFileSync, statSync } from "node:fs";
import type { Command } from "commander";
import { PlottyError } from "../../shared/errors.ts";
import { plotFieldsSchema } from "../../shared/http-messages.ts";
import { PLOT_FLAGS } from "../../shared/plot-flags.ts";
import type { PlotSettings } from "../../shared/plot-settings.ts";
import { loadConfig } from "../config.ts";
import { DrawingFile, unreadable } from "../drawing-file.ts";
import { checked, plotOptions } from "../server/request-values.ts";
import { resolveSettings } from "../settings.ts";
import type { SvgSource } from "../svg/source-text.ts";

/** The flags of placing and ordering, under the names that commander gives them. */
export interface PlanFlags {
  readonly config?: string;
  readonly preset?: string;
  readonly keepOrder?: boolean;
  readonly keepDoubles?: boolean;
  readonly [field: string]: unknown;
}

const FIELDS = [
  "paper",
  "margin",
  "fit",
  "rotate",
  "scale",
  "origin",
  "join",
  "optimize",
  "pen",
  "layers",
  "jerk",
] as const;

export function withPlanFlags(command: Command): Command {
  command.argument("<file>", "an SVG file, or - for stdin");
  for (const [flag, meaning] of PLOT_FLAGS) command.option(flag, meaning);
  return command
    .option("--config <file>", "configuration file (PLOTTY_CONFIG)")
    .option("--no-color", "no colour (NO_COLOR)");
}

/** The configuration and the flags made one, as the daemon would. Throws `usage.invalid` that names the flag. */
export function settingsFor(flags: PlanFlags): PlotSettings {
  const { config } = loadConfig({ flags: {}, env: process.env, file: flags.config });
  const given: Record<string, unknown> = Object.fromEntries(FIELDS.map((name) => [name, flags[name]]));
  given.optimize ??= flags.preset;
  if (flags.keepOrder) given.keep_order = true;
  if (flags.keepDoubles) given.keep_doubles = true;
  try {
    return resolveSettings(config, plotOptions(checked(plotFieldsSchema, defined(given))));
  } catch (error) {
    if (!(error instanceof PlottyError) || error.code !== "request.invalid") throw error;
    throw new PlottyError(
      "usage.invalid",
      error.message.replace(/^field "(\w+)"/, "--$1"),
      error.details,
      error,
    );
  }
}

/** What is to be drawn, and how large the file is. Throws `file.unreadable` with what is wrong with it. */
export function readDrawing(file: string): { svg: SvgSource; bytes: number } {
  try {
    const kind = file === "-" ? undefined : statSync(file);
    if (kind?.isFile()) return { svg: new DrawingFile(file), bytes: kind.size };
    const svg = readFileSync(file === "-" ? 0 : file);
    return { svg, bytes: svg.length };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Every note reaches the user, but not among the data. */
export function tellNotes(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
