import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { PlottyError } from "../../shared/errors.ts";
import { prepare } from "../prepare.ts";
import { planSvg } from "../server/plan-views.ts";
import { type PlanFlags, readDrawing, settingsFor, tellNotes, withPlanFlags } from "./input.ts";
import { print } from "./output.ts";
import { planDots } from "./preview-dots.ts";
import { planPng } from "./preview-png.ts";
import { whileWaiting } from "./wait-bar.ts";

type Flags = PlanFlags & { readonly out?: string; readonly pixels: string; readonly byOrder?: boolean };

/** `plotty preview FILE`: what will be drawn, as a picture, pen-up travel included. */
export function addPreview(program: Command): void {
  withPlanFlags(program.command("preview"))
    .description("a picture of what will be drawn, pen-up travel dotted")
    .option(
      "--out <file>",
      "an .svg or .png file; without it dots on a terminal, and an SVG to a pipe or a file",
    )
    .option("--pixels <n>", "longer side of a PNG", "1600")
    .option("--by-order", "a PNG in colours of when, from blue to orange, not of which pen")
    .addHelpText(
      "after",
      `
Examples:
  $ plotty preview drawing.svg
  $ plotty preview drawing.svg --out preview.svg
  $ plotty preview drawing.svg --out order.png --by-order --pixels 2400
  $ plotty preview drawing.svg --paper a4 --fit page > preview.svg`,
    )
    .action((file: string, flags: Flags) => preview(file, flags));
}

async function preview(file: string, flags: Flags): Promise<void> {
  const { out } = flags;
  const kind = out === undefined ? undefined : kindOf(out);
  const { svg, bytes } = readDrawing(file);
  const plan = whileWaiting(`planning ${file}`, bytes, () => prepare(svg, settingsFor(flags)));
  tellNotes(plan.notes);
  if (out === undefined && process.stdout.isTTY) {
    const { columns, rows } = process.stdout;
    return print([planDots(plan, columns || 80, Math.max(1, (rows || 24) - 2), isUnicode(process.env))]);
  }
  if (out === undefined) return print([planSvg(plan)]);
  const { pixels, byOrder = false } = flags;
  write(out, kind === "png" ? planPng(plan, { pixels: Number(pixels), byOrder }) : planSvg(plan));
  process.stderr.write(`wrote ${out}\n`);
}

function kindOf(out: string): "svg" | "png" {
  const kind = /\.(svg|png)$/i.exec(out)?.[1]?.toLowerCase();
  if (kind === "svg" || kind === "png") return kind;
  throw new PlottyError(
    "usage.invalid",
    `a preview is an SVG or a PNG: --out must end in .svg or .png, not "${out}"`,
  );
}

/** Whether the locale can show more than ASCII. */
function isUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return locale === "" || /utf-?8/i.test(locale);
}

function write(out: string, picture: string | Uint8Array): void {
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
