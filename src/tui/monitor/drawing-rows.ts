import { isFinished } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import { formatDuration, formatLength, formatPercent, oneLine } from "../text/format.ts";
import { progressBar } from "../text/progress-bar.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo } from "../text/width.ts";
import type { PenPlace } from "./drawing/canvas.ts";

/** Points of its plan that a job has drawn: as told, else by its share of the time until that is told. */
export function plottedOf(mirror: Mirror, job: JobView): number {
  const total = job.estimate?.points ?? 0;
  if (job.state === "COMPLETED") return total;
  if (job.state === "NEW" || job.state === "PLANNING" || job.state === "QUEUED") return 0;
  return mirror.plotted.get(job.id) ?? Math.round(job.progress * total);
}

/** The pen over a job that is being drawn. */
export function penOf(mirror: Mirror, job: JobView): PenPlace | undefined {
  if (job.state !== "RUNNING" && job.state !== "PAUSED") return undefined;
  const device = [...mirror.devices.values()].find(
    ({ id, job_id }) => job_id === job.id || id === job.device,
  );
  if (!device?.position) return undefined;
  return { ...device.position, isUp: device.pen_up !== false };
}

/** The opened job beside its drawing: how far it is, and its layers with their pens. */
export function layerLines(job: JobView, width: number, theme: Theme): string[] {
  const { glyphs } = theme;
  const inCells = (text: string) => fitTo(text, width, glyphs.ellipsis);
  const left =
    job.estimated_remaining === null || isFinished(job.state)
      ? ""
      : `  ${formatDuration(job.estimated_remaining)} left`;
  const bar = progressBar(job.progress, Math.max(4, width - 2), glyphs);
  const paint = theme.job[job.state];
  return [
    paint(inCells(`${glyphs.job[job.state]} ${job.state}  ${formatPercent(job.progress)}${left}`)),
    paint(bar),
    inCells(oneLine(job.error?.message ?? job.reason)),
    theme.dim(inCells([job.paper, job.device].filter(Boolean).join(", "))),
    ...job.layers.map((_, i) => layerLine(job, i, inCells, theme)),
    ...(job.estimate ? [theme.dim(inCells(estimateWords(job.estimate)))] : []),
    ...job.notes.map((note) => theme.dim(inCells(`note: ${oneLine(note)}`))),
  ];
}

function layerLine(job: JobView, index: number, inCells: (text: string) => string, theme: Theme): string {
  const { glyphs } = theme;
  const layer = job.layers[index]!;
  const current = job.state === "COMPLETED" ? job.layers.length : job.current_layer - 1;
  const isUnderWay = job.state === "RUNNING" || job.state === "PAUSED";
  const mark = index < current ? glyphs.job.COMPLETED : isUnderWay && index === current ? glyphs.cursor : " ";
  const pause = layer.pause_before ? ", pauses before" : "";
  const line = inCells(
    `${mark} ${oneLine(layer.name) || "(unnamed)"}  pen ${layer.pen}, ${layer.strokes} strokes${pause}`,
  );
  if (index < current) return theme.good(line);
  return isUnderWay && index === current ? theme.title(line) : line;
}

function estimateWords({ duration_s, ink_mm, travel_mm, lifts }: NonNullable<JobView["estimate"]>): string {
  return `${formatDuration(duration_s)}, ink ${formatLength(ink_mm)}, travel ${formatLength(travel_mm)}, ${lifts} lifts`;
}
