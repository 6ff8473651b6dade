import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { PlottyError } from "../../shared/errors.ts";
import { prepare } from "../prepare.ts";
import { planSvg } from "../server/plan-views.ts";
import { type PlanFlags, readDrawing, settingsFor, tellNotes, withPlanFlags } from "./input.ts";
import { print } from "./output.ts";

/** `plotty preview FILE`: what will be drawn, as a picture, pen-up travel included. */
export function addPreview(program: Command): void {
  withPlanFlags(program.command("preview"))
    .description("a picture of what will be drawn, pen-up travel dotted")
    .option("--out <file>", "an .svg file; without it the picture goes to stdout")
    .addHelpText(
      "after",
      `
Examples:
  $ plotty preview drawing.svg --out preview.svg
  $ plotty preview drawing.svg --paper a4 --fit page > preview.svg`,
    )
    .action(async (file: string, flags: PlanFlags & { out?: string }) => {
      const { out } = flags;
      if (out !== undefined && !out.toLowerCase().endsWith(".svg")) {
        throw new PlottyError("usage.invalid", `a preview is an SVG: --out must end in .svg, not "${out}"`);
      }
      const plan = prepare(readDrawing(file), settingsFor(flags));
      tellNotes(plan.notes);
      const picture = planSvg(plan);
      if (out === undefined) return print([picture]);
      write(out, picture);
      process.stderr.write(`wrote ${out}\n`);
    });
}

function write(out: string, picture: string): void {
  try {
    writeFileSync(out, picture);
  } catch (error) {
    throw new PlottyError(
      "file.unreadable",
      `${out} cannot be written: ${(error as Error).message}`,
      { out },
      error,
    );
  }
}
