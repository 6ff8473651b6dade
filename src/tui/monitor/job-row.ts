import { isFinished } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import { formatDuration, formatPercent, oneLine } from "../text/format.ts";
import { progressBar } from "../text/progress-bar.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo } from "../text/width.ts";

const STATE_CELLS = 9;
const PERCENT_CELLS = 4;

/**
 * One job in one line of `width` cells. From 40 cells up it holds id, state and per cent; then time left, a bar,
 * machine, pen and the reason come in as there is room.
 */
export function jobRowText(job: JobView, isSelected: boolean, width: number, theme: Theme): string {
  const { glyphs } = theme;
  const paint = theme.job[job.state];
  const leftCells = width >= 50 ? 9 : 0;
  const barCells = width >= 60 ? Math.min(30, Math.floor(width / 5)) : 0;
  const machineCells = width >= 90 ? 16 : 0;
  const reasonCells = width >= 120 ? Math.floor(width / 4) : 0;
  const fixed = 2 + 2 + STATE_CELLS + 1 + PERCENT_CELLS;
  const gaps = [leftCells, barCells, machineCells, reasonCells].filter((cells) => cells > 0).length;
  const idCells = Math.max(4, width - fixed - 1 - leftCells - barCells - machineCells - reasonCells - gaps);
  const id = fitTo(job.id, idCells, glyphs.ellipsis);
  const parts = [
    `${isSelected ? glyphs.cursor : " "} ${isSelected ? theme.title(id) : id}`,
    paint(`${glyphs.job[job.state]} ${fitTo(job.state, STATE_CELLS)}`),
  ];
  if (barCells > 0) parts.push(barText(job, barCells, theme));
  parts.push(formatPercent(job.progress).padStart(PERCENT_CELLS));
  if (leftCells > 0) parts.push(fitTo(leftText(job), leftCells));
  if (machineCells > 0) parts.push(theme.dim(fitTo(job.device ?? "", machineCells, glyphs.ellipsis)));
  if (reasonCells > 0) parts.push(theme.dim(fitTo(oneLine(job.reason), reasonCells, glyphs.ellipsis)));
  return parts.join(" ");
}

/** What is worth knowing about the selected job, in one line. */
export function jobDetailText(job: JobView, width: number, theme: Theme): string {
  const facts = [
    job.name === job.id ? undefined : oneLine(job.name),
    job.state === "RUNNING" || job.state === "PAUSED" ? layerText(job) : undefined,
    job.pen === null ? undefined : `pen ${job.pen}`,
    job.paper === null ? undefined : job.paper,
    oneLine(job.error?.message ?? job.reason) || undefined,
  ];
  const text = facts.filter((fact) => fact !== undefined).join(", ");
  return theme.dim(fitTo(`  ${text}`, width, theme.glyphs.ellipsis));
}

function barText(job: JobView, cells: number, theme: Theme): string {
  const bar = progressBar(job.progress, cells, theme.glyphs);
  return isFinished(job.state) ? theme.dim(bar) : theme.job[job.state](bar);
}

function leftText(job: JobView): string {
  return job.estimated_remaining === null || isFinished(job.state)
    ? ""
    : formatDuration(job.estimated_remaining);
}

function layerText(job: JobView): string | undefined {
  if (job.total_layers < 2) return undefined;
  const name = job.layers[job.current_layer - 1]?.name;
  return `layer ${job.current_layer} of ${job.total_layers}${name ? ` (${oneLine(name)})` : ""}`;
}
