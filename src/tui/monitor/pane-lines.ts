import type { Mirror } from "../client/mirror.ts";
import { eventLine } from "../text/event-line.ts";
import { formatPercent } from "../text/format.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo } from "../text/width.ts";
import type { Place } from "./arrange.ts";
import { layerLines } from "./drawing-rows.ts";
import { jobRowText } from "./job-row.ts";
import { PANES, scrollTo } from "./layout.ts";
import { machineLines } from "./machine-rows.ts";
import { alertRowText, titleText } from "./other-rows.ts";
import { statisticsLines, type Traffic } from "./statistics-rows.ts";
import type { Throughput } from "./throughput.ts";
import type { View } from "./view.ts";

export interface PaneInput {
  readonly mirror: Mirror;
  readonly view: View;
  readonly theme: Theme;
  readonly figures: {
    readonly throughput: Throughput;
    readonly traffic: Traffic | null;
    readonly nowMs: number;
  };
  /** Why there is no drawing, where there is none. */
  readonly drawing: string | undefined;
}

/** A pane's title and what is below it, each line as wide as its place. */
export function paneLines(place: Place, input: PaneInput): string[] {
  const { theme, view } = input;
  const name = place.pane === "layers" ? view.job!.id : `${PANES.indexOf(place.pane) + 1} ${place.pane}`;
  const hasFocus = place.pane === view.focus && !view.isOpen;
  const { count, lines } = contentOf(place, input);
  return [titleText(name, count, place.width, theme, hasFocus), ...lines];
}

interface Content {
  /** What stands after the pane's name. */
  readonly count: string;
  readonly lines: readonly string[];
}

function contentOf(place: Place, input: PaneInput): Content {
  const { mirror, view, theme, figures } = input;
  const { width } = place;
  switch (place.pane) {
    case "jobs":
      return jobs(place, input);
    case "drawing":
      return drawing(place, input);
    case "layers":
      return { count: "", lines: layerLines(view.job!, width, theme) };
    case "machines":
      return { count: String(mirror.devices.size), lines: machineLines(mirror, view, place, theme) };
    case "alerts":
      return alerts(place, input);
    case "events":
      return events(place, input);
    case "statistics": {
      const { throughput, traffic, nowMs } = figures;
      return { count: "", lines: statisticsLines(mirror, throughput, traffic, nowMs, width, theme) };
    }
  }
}

function jobs({ width, height }: Place, { view, theme }: PaneInput): Content {
  const rows = height - 1;
  const first = scrollTo(view.index, view.jobs.length, rows);
  const lines = view.jobs
    .slice(first, first + rows)
    .map((job, i) => jobRowText(job, first + i === view.index, width, theme));
  const empty = view.filter === "" ? "no jobs: plotty add drawing.svg" : `no job holds ${view.filter}`;
  if (lines.length === 0) lines.push(theme.dim(fitTo(`  ${empty}`, width, theme.glyphs.ellipsis)));
  const count = view.jobs.length > rows ? `${view.index + 1}/${view.jobs.length}` : String(view.jobs.length);
  return { count: view.filter === "" ? count : `${count} with ${view.filter}`, lines };
}

function drawing({ width }: Place, { view, theme, drawing: why }: PaneInput): Content {
  const { job, look, showsTravel } = view;
  const facts = [
    job ? `${job.id} ${formatPercent(job.progress)}` : "",
    look.zoom === 1 ? "" : `${look.zoom.toFixed(1)}x`,
    showsTravel ? "travel" : "",
  ];
  const lines = why === undefined ? [] : [theme.dim(fitTo(`  ${why}`, width, theme.glyphs.ellipsis))];
  return { count: facts.filter(Boolean).join(", "), lines };
}

function alerts({ width, height }: Place, { view, theme }: PaneInput): Content {
  const rows = height - 1;
  const selected = view.focus === "alerts" ? view.line : 0;
  const first = scrollTo(selected, view.alerts.length, rows);
  const lines = view.alerts.slice(first, first + rows).map((alert, i) => {
    const isSelected = view.focus === "alerts" && first + i === selected;
    return alertRowText(alert, { isSelected, isSeen: view.settled.has(alert.id) }, width, theme);
  });
  if (lines.length === 0) lines.push(theme.dim(fitTo("  none", width)));
  const open = view.alerts.filter(({ id }) => !view.settled.has(id)).length;
  const count = String(view.alerts.length);
  return { count: open === view.alerts.length ? count : `${count}, ${open} open`, lines };
}

/** The newest first, from as far back as has been scrolled. */
function events({ width, height }: Place, { view, theme }: PaneInput): Content {
  const rows = height - 1;
  const most = Math.max(0, view.log.length - rows);
  const back = Math.min(view.places.events ?? 0, most);
  const shown = view.log.slice(Math.max(0, view.log.length - back - rows), view.log.length - back);
  const lines = shown.toReversed().map((event) => `  ${eventLine(event, theme) ?? ""}`);
  if (lines.length === 0) lines.push(theme.dim(fitTo("  none yet", width)));
  return { count: back > 0 ? `${view.log.length}, ${back} back` : String(view.log.length), lines };
}
