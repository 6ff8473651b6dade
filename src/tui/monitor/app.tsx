import { Box, Text } from "ink";
import type { JobView, Level } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo } from "../text/width.ts";
import { arrange, type Place } from "./arrange.ts";
import type { Command } from "./commands.ts";
import { useClock, useMirror, usePicture, useSize, useStatistics } from "./hooks.ts";
import { jobDetailText } from "./job-row.ts";
import type { Action, Target } from "./keymap.ts";
import { MACHINE_FACTS } from "./machine-rows.ts";
import { footerText, headerText, helpLines } from "./other-rows.ts";
import { paneLines } from "./pane-lines.ts";
import type { MonitorStore } from "./store.ts";
import { useView, type View } from "./use-view.ts";

export interface AppProps {
  readonly store: MonitorStore;
  readonly url: string;
  readonly theme: Theme;
  readonly panes: { readonly jobs: boolean; readonly devices: boolean; readonly alerts: boolean };
  readonly jobId: string | undefined;
  readonly level: Level | undefined;
  readonly isReadOnly: boolean;
  /** What paints the drawing into the place that is left for it. */
  readonly painter: Painter;
  /** Does what the daemon or the terminal has to do. @returns what to tell about it */
  onAction(action: Action, target: Target): Promise<string>;
  onCommand(command: Command, job: JobView | undefined): Promise<string>;
  onAdd(path: string): Promise<string>;
}

/** The part of the cell writer that the app knows. */
export type Painter = Pick<import("./cell-writer.ts").CellWriter, "region" | "repaint">;

/** The whole screen: a function of the mirror, the size and what the person has selected. */
export function App(props: AppProps) {
  const { store, theme, url } = props;
  const mirror = useMirror(store);
  const { columns, rows } = useSize();
  const nowMs = useClock();
  const view = useView(props, mirror);
  const places = view.isHelp ? [] : placesOf(props, mirror, view, columns, rows);
  const figures = useStatistics(
    store,
    places.some(({ pane }) => pane === "statistics"),
  );
  const drawing = usePicture(props, mirror, view, places);
  if (view.isHelp) return <Lines lines={helpScreen(view.target, columns, rows, theme)} />;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Lines lines={[headerText(mirror, url, nowMs, columns, theme)]} />
      {places.map((place) => (
        <Pane key={place.pane} place={place}>
          {paneLines(place, { mirror, view, theme, figures, drawing })}
        </Pane>
      ))}
      <Box flexGrow={1} />
      <Lines
        lines={[detailLine(view, columns, theme), view.notice ?? footerText(view.target, columns, theme)]}
      />
    </Box>
  );
}

function placesOf({ panes }: AppProps, mirror: Mirror, view: View, columns: number, rows: number): Place[] {
  const counts = {
    jobs: panes.jobs ? view.jobs.length : -1,
    devices: panes.devices ? mirror.devices.size + (view.focus === "machines" ? MACHINE_FACTS : 0) : -1,
    alerts: panes.alerts ? view.alerts.length : -1,
  };
  return arrange({ columns, rows, counts, focus: view.focus, isOpen: view.isOpen });
}

function Pane({ place, children }: { place: Place; children: readonly string[] }) {
  const { left, top, width, height } = place;
  return (
    <Box
      position="absolute"
      flexDirection="column"
      marginLeft={left}
      marginTop={top}
      width={width}
      height={height}
    >
      <Lines lines={children.slice(0, height)} />
    </Box>
  );
}

/** Lines that are as wide as their place already: shown as they are, never squeezed by a neighbour. */
function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Text key={i} wrap="truncate-end">
          {line || " "}
        </Text>
      ))}
    </Box>
  );
}

function detailLine({ job }: View, width: number, theme: Theme): string {
  return job ? jobDetailText(job, width, theme) : "";
}

function helpScreen(target: Target, columns: number, rows: number, theme: Theme): string[] {
  const lines = helpLines(target, columns, Math.max(0, rows - 2), theme);
  return [theme.title(fitTo("plotty monitor: keys", columns)), ...lines, theme.dim("any key goes back")];
}
