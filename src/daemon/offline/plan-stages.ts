import type { Command } from "commander";
import type { Drawing } from "../../shared/drawing.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { Polyline } from "../../shared/geometry.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import { planMotion } from "../motion/plan.ts";
import { arrange } from "../prepare.ts";
import { readSvg } from "../svg/read-svg.ts";
import { type PlanFlags, readDrawing, settingsFor, tellNotes, withPlanFlags } from "./input.ts";
import { type ListedMove, listMoves } from "./list-moves.ts";
import { jsonArray, print } from "./output.ts";
import { whileWaiting } from "./wait-bar.ts";

const STAGES = ["geometry", "strokes", "motion"] as const;
type Stage = (typeof STAGES)[number];

/** `plotty plan FILE --stage …`: what each stage of planning makes of a drawing. */
export function addPlan(program: Command): void {
  withPlanFlags(program.command("plan"))
    .description("show what a stage of planning makes of a drawing")
    .option("--stage <stage>", "geometry, strokes or motion", "strokes")
    .option("--format <format>", "json, or text for a summary", "text")
    .addHelpText(
      "after",
      `
Examples:
  $ plotty plan drawing.svg --stage geometry --format json
  $ plotty plan drawing.svg --stage motion --format json --paper a4 --fit page | jq .duration_s`,
    )
    .action((file: string, flags: PlanFlags & { stage: string; format: string }) => showPlan(file, flags));
}

async function showPlan(file: string, flags: PlanFlags & { stage: string; format: string }): Promise<void> {
  const stage = STAGES.find((each) => each === flags.stage);
  if (!stage) throw new PlottyError("usage.invalid", `--stage is ${STAGES.join(", ")}, not "${flags.stage}"`);
  if (flags.format !== "json" && flags.format !== "text") {
    throw new PlottyError("usage.invalid", `--format is json or text here, not "${flags.format}"`);
  }
  const settings = settingsFor(flags);
  const { svg, bytes } = readDrawing(file);
  const wait = <T>(work: () => T): T => whileWaiting(`planning ${file}`, bytes, work);
  if (stage === "motion") {
    const plan = wait(() => planMotion(arrange(svg, settings), settings.motion));
    tellNotes(plan.notes);
    await print(flags.format === "json" ? motionJson(plan) : [motionText(plan)]);
    return;
  }
  const drawing = wait(() =>
    stage === "geometry" ? readSvg(svg, settings.reading) : arrange(svg, settings),
  );
  tellNotes(drawing.notes);
  await print(flags.format === "json" ? drawingJson(drawing) : [drawingText(drawing, stage)]);
}

function* drawingJson(drawing: Drawing): Generator<string> {
  yield `{"unit":"mm","polylines":`;
  yield* jsonArray(drawing.strokes, (stroke) => polylineJson(stroke.points));
  yield `,"meta":`;
  yield* jsonArray(drawing.strokes, ({ layer, color }) =>
    JSON.stringify({ layer: drawing.layers[layer]?.name ?? "", stroke: color ?? null }),
  );
  yield `,"notes":${JSON.stringify(drawing.notes)}}\n`;
}

function polylineJson(points: Polyline): string {
  const pairs: string[] = [];
  for (let i = 0; i < points.length; i += 2)
    pairs.push(`[${micrometres(points[i]!)},${micrometres(points[i + 1]!)}]`);
  return `[${pairs.join(",")}]`;
}

function* motionJson(plan: MotionPlan): Generator<string> {
  yield `{"unit":"mm","moves":`;
  yield* jsonArray(listMoves(plan), (move: ListedMove) => JSON.stringify(move));
  yield `,"duration_s":${plan.totals.durationS},"notes":${JSON.stringify(plan.notes)}}\n`;
}

function drawingText(drawing: Drawing, stage: Stage): string {
  const { widthMm, heightMm } = drawing.page;
  const size = `${widthMm.toFixed(1)} x ${heightMm.toFixed(1)} mm`;
  const layers = drawing.layers.map((layer) => {
    const strokes = drawing.strokes.filter((stroke) => stroke.layer === layer.index).length;
    return `  ${layer.name || "(no layer)"}: ${strokes} strokes\n`;
  });
  return `${stage}: ${drawing.strokes.length} strokes on ${size}\n${layers.join("")}`;
}

function motionText({ totals }: MotionPlan): string {
  const { lifts, durationS, drawS, travelS, penS } = totals;
  return `motion: ${lifts} strokes, ${durationS.toFixed(1)} s (drawing ${drawS.toFixed(1)}, travel ${travelS.toFixed(1)}, pen ${penS.toFixed(1)})\n`;
}

/** Micrometres are a tenth of a motor step; more digits would only be noise. */
function micrometres(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
