import { Box, Text } from "ink";
import { useState } from "react";
import type { JobView, Level } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import type { Theme } from "../text/theme.ts";
import { useClock, useKeys, useMirror, useSize } from "./hooks.ts";
import { jobDetailText, jobRowText } from "./job-row.ts";
import { type Action, deviceFor, rowOfKey, type Target } from "./keymap.ts";
import { type Layout, scrollTo, shareRows } from "./layout.ts";
import { orderJobs } from "./order-jobs.ts";
import {
  alertRowText,
  alertsOfInterest,
  deviceRowText,
  footerText,
  headerText,
  helpLines,
  titleText,
} from "./other-rows.ts";
import type { MonitorStore } from "./store.ts";
import { fitTo } from "./width.ts";

export interface AppProps {
  readonly store: MonitorStore;
  readonly url: string;
  readonly theme: Theme;
  readonly panes: { readonly jobs: boolean; readonly devices: boolean; readonly alerts: boolean };
  readonly jobId: string | undefined;
  readonly level: Level | undefined;
  /** Does what the daemon or the terminal has to do. @returns what to tell about it */
  onAction(action: Action, target: Target): Promise<string>;
}

/** The whole screen: a function of the mirror, the size and what the person has selected. */
export function App(props: AppProps) {
  const { store, theme, url } = props;
  const mirror = useMirror(store);
  const { columns, rows } = useSize();
  const nowMs = useClock();
  const view = useView(props, mirror);
  if (view.isHelp) {
    return <Lines lines={helpScreen(view.target, columns, rows, theme)} />;
  }
  const layout = shareRows(rows, {
    jobs: props.panes.jobs ? view.jobs.length : -1,
    devices: props.panes.devices ? mirror.devices.size : -1,
    alerts: props.panes.alerts ? view.alerts.length : -1,
  });
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Lines lines={[headerText(mirror, url, nowMs, columns, theme)]} />
      {layout.jobs > 0 && <JobPane view={view} rows={layout.jobs} width={columns} theme={theme} />}
      {layout.devices > 0 && <DevicePane mirror={mirror} layout={layout} width={columns} theme={theme} />}
      {layout.alerts > 0 && <AlertPane view={view} rows={layout.alerts} width={columns} theme={theme} />}
      <Box flexGrow={1} />
      <Lines
        lines={[detailLine(view, columns, theme), view.notice ?? footerText(view.target, columns, theme)]}
      />
    </Box>
  );
}

type View = ReturnType<typeof useView>;

/** What the keys change: the selected job, the help, the question and the notice in the footer. */
function useView(props: AppProps, mirror: Mirror) {
  const [selectedId, select] = useState<string>();
  const [isHelp, setHelp] = useState(false);
  const [asked, ask] = useState<JobView>();
  const [told, tell] = useState<string>();
  const jobs = orderJobs(mirror.jobs.values(), props.jobId);
  const alerts = alertsOfInterest(mirror.alerts, props.jobId, props.level);
  const index = Math.max(
    0,
    jobs.findIndex(({ id }) => id === selectedId),
  );
  const job = jobs[index];
  const target: Target = { job, device: deviceFor(job, mirror.devices.values()) };

  const go = (to: number) => select(jobs[Math.max(0, Math.min(jobs.length - 1, to))]?.id);
  const act = (action: Action, on: Target) => {
    props.onAction(action, on).then(tell, (error: Error) => tell(error.message));
  };
  const moves: Partial<Record<Action, () => void>> = {
    up: () => go(index - 1),
    down: () => go(index + 1),
    first: () => go(0),
    last: () => go(jobs.length - 1),
    help: () => setHelp(true),
    cancel: () => ask(job),
  };
  useKeys((name) => {
    tell(undefined);
    const row = rowOfKey(name);
    if (asked) {
      ask(undefined);
      if (name === "y" || name === "Y") act("cancel", { ...target, job: asked });
      if (name !== "ctrl+c") return;
    }
    if (isHelp) setHelp(false);
    if (!row || (isHelp && row.action !== "interrupt")) return;
    if (!row.available(target)) tell(`${row.word} is not possible now`);
    else (moves[row.action] ?? (() => act(row.action, target)))();
  });
  const notice = asked ? `Cancel ${asked.id}? y ends it, any other key keeps it (No)` : told;
  return { jobs, alerts, index, job, target, isHelp, notice };
}

function JobPane({ view, rows, width, theme }: { view: View; rows: number; width: number; theme: Theme }) {
  const { jobs, index } = view;
  const first = scrollTo(index, jobs.length, rows);
  const lines = jobs
    .slice(first, first + rows)
    .map((job, i) => jobRowText(job, first + i === index, width, theme));
  if (lines.length === 0) lines.push(theme.dim(fitTo("  no jobs: plotty add drawing.svg", width)));
  const count = jobs.length > rows ? `${index + 1}/${jobs.length}` : String(jobs.length);
  return <Lines lines={[titleText("jobs", count, width, theme), ...lines]} height={rows + 1} />;
}

function DevicePane({
  mirror,
  layout,
  width,
  theme,
}: {
  mirror: Mirror;
  layout: Layout;
  width: number;
  theme: Theme;
}) {
  const devices = [...mirror.devices.values()].slice(0, layout.devices);
  const lines = devices.map((device) => deviceRowText(device, width, theme));
  if (lines.length === 0) lines.push(theme.dim(fitTo("  no machines", width)));
  return <Lines lines={[titleText("machines", String(mirror.devices.size), width, theme), ...lines]} />;
}

function AlertPane({ view, rows, width, theme }: { view: View; rows: number; width: number; theme: Theme }) {
  const newestFirst = view.alerts.slice(-rows).reverse();
  const lines = newestFirst.map((alert) => alertRowText(alert, width, theme));
  if (lines.length === 0) lines.push(theme.dim(fitTo("  none", width)));
  return <Lines lines={[titleText("alerts", String(view.alerts.length), width, theme), ...lines]} />;
}

/** Lines that are as wide as the screen already: shown as they are, never squeezed by a neighbour. */
function Lines({ lines, height }: { lines: readonly string[]; height?: number }) {
  return (
    <Box flexDirection="column" flexShrink={0} height={height}>
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
  const lines = helpLines(target, columns, theme).slice(0, Math.max(0, rows - 2));
  return [theme.title(fitTo("plotty monitor: keys", columns)), ...lines, theme.dim("any key goes back")];
}
