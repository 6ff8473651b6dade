import type { Mirror } from "../client/mirror.ts";
import type { Theme } from "../text/theme.ts";
import { arrange, type Place } from "./arrange.ts";
import { helpScreen } from "./help.ts";
import { jobDetailText } from "./job-row.ts";
import type { Size } from "./layout.ts";
import { MACHINE_FACTS } from "./machine-rows.ts";
import { footerText, headerText } from "./other-rows.ts";
import { type PaneInput, paneLines } from "./pane-lines.ts";
import type { View } from "./view.ts";

/** Lines of text at a place on the screen, in cells. */
export interface Block {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly lines: readonly string[];
}

/** The channels that were asked for; a pane of another has nothing to show. */
export interface PanesWanted {
  readonly jobs: boolean;
  readonly devices: boolean;
  readonly alerts: boolean;
}

/** What stays until a key is pressed, and what may change ten times a second or all at once. */
export interface ScreenBlocks {
  readonly still: readonly Block[];
  readonly live: readonly Block[];
}

export interface ScreenInput extends PaneInput, Size {
  readonly url: string;
  /** ms since 1970. */
  readonly wallMs: number;
}

/** The panes on this screen; none while the help is on it. */
export function placesOf(wanted: PanesWanted, mirror: Mirror, view: View, { columns, rows }: Size): Place[] {
  if (view.helpFrom !== undefined) return [];
  const counts = {
    jobs: wanted.jobs ? view.jobs.length : -1,
    devices: wanted.devices ? mirror.devices.size + (view.focus === "machines" ? MACHINE_FACTS : 0) : -1,
    alerts: wanted.alerts ? view.alerts.length : -1,
  };
  return arrange({ columns, rows, counts, focus: view.focus, isOpen: view.isOpen });
}

/** The whole screen but the drawing: a function of the mirror, the size and what the person has selected. */
export function screenBlocks(places: readonly Place[], input: ScreenInput): ScreenBlocks {
  const { mirror, view, columns, rows, theme, url, wallMs } = input;
  const across = (top: number, lines: readonly string[]): Block => ({ left: 0, top, width: columns, lines });
  if (view.helpFrom !== undefined)
    return { still: [], live: [across(0, helpScreen(view.helpFrom, view.target, input, theme))] };
  return {
    still: [across(rows - 1, [view.notice ?? footerText(view.target, columns, theme)])],
    live: [
      across(0, [headerText(mirror, url, wallMs, columns, theme)]),
      ...places.map((place) => ({ ...place, lines: paneLines(place, input).slice(0, place.height) })),
      across(rows - 2, [detailLine(view, columns, theme)]),
    ],
  };
}

function detailLine({ job }: View, width: number, theme: Theme): string {
  return job ? jobDetailText(job, width, theme) : "";
}
