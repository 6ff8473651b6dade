import { isFinished } from "../../shared/job-machine.ts";
import type { DeviceView, JobView, SystemAlert } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import { eventLine, penWord } from "../text/event-line.ts";
import { formatClock, formatLength, oneLine } from "../text/format.ts";
import type { Theme } from "../text/theme.ts";
import { KEYMAP } from "./keymap.ts";
import type { PaneName } from "./layout.ts";
import { queueWords, type Traffic, trafficWords } from "./statistics-rows.ts";
import type { View } from "./view.ts";

/** One line for a screen reader, and whether it is the one that the keys act on. */
export interface SpokenLine {
  readonly text: string;
  readonly isSelected?: boolean;
}

export interface SpokenInput {
  readonly mirror: Mirror;
  readonly view: View;
  /** Without colour. */
  readonly theme: Theme;
  readonly traffic: Traffic | null;
}

const MOST_EVENTS = 10;

/**
 * The monitor in sentences: the daemon, the pane in use, the newest open alert, and what was answered. A reader says a line
 * again when it changes, so shares come in tens of per cent, times in minutes, and places of the pen not at all.
 */
export function spokenLines(input: SpokenInput): SpokenLine[] {
  const { mirror, view } = input;
  if (view.helpFrom !== undefined) return helpWords(view);
  const alert = view.focus === "alerts" ? undefined : view.target.alert;
  return [
    { text: daemonWords(mirror) },
    ...(view.isOpen ? openJob(view.job!) : PANES[view.focus](input)),
    ...(alert ? [{ text: `Alert: ${alertWords(alert, false)}. x acknowledges it.` }] : []),
    { text: view.notice ?? "Tab goes to the next pane, question mark tells all keys, q quits." },
  ];
}

const PANES: Readonly<Record<PaneName, (input: SpokenInput) => SpokenLine[]>> = {
  jobs: ({ view }) => list("Jobs", view.jobs.map(jobWords), view.index),
  drawing: ({ view }) => (view.job ? openJob(view.job) : [{ text: "Drawing: no job is selected." }]),
  machines: ({ mirror, view }) => list("Machines", [...mirror.devices.values()].map(machineWords), view.line),
  alerts: ({ view }) =>
    list(
      "Alerts",
      view.alerts.map((alert) => alertWords(alert, view.settled.has(alert.id))),
      view.line,
    ),
  events: ({ view, theme }) =>
    list(
      "Events, the newest first",
      view.log
        .slice(-MOST_EVENTS)
        .toReversed()
        .map((event) => eventLine(event, theme) ?? ""),
    ),
  statistics: ({ mirror, traffic }) =>
    list(
      "Statistics",
      [queueWords(mirror), trafficWords(traffic)].map((words) => words.replace(/ {2,}/, ": ")),
    ),
};

function list(name: string, texts: readonly string[], selected?: number): SpokenLine[] {
  if (texts.length === 0) return [{ text: `${name}: none.` }];
  return [
    { text: `${name}: ${texts.length}.` },
    ...texts.map((text, i) => ({ text, isSelected: i === selected })),
  ];
}

function daemonWords({ system, link, staleSinceMs }: Mirror): string {
  if (staleSinceMs !== null)
    return `The daemon is away since ${formatClock(staleSinceMs)}; what follows is as old.`;
  if (!system || link.state !== "live") return "Connecting to the daemon.";
  return `The daemon is ${system.status}.`;
}

function jobWords(job: JobView): string {
  const facts = [
    job.id,
    job.state,
    `${Math.floor(job.progress * 10 + 1e-9) * 10} percent`,
    leftWords(job),
    job.device === null ? "" : `on ${job.device}`,
    job.state === "PAUSED" || job.state === "FAILED" ? oneLine(job.error?.message ?? job.reason) : "",
  ];
  return facts.filter(Boolean).join(", ");
}

function leftWords({ state, estimated_remaining: leftS }: JobView): string {
  if (leftS === null || isFinished(state)) return "";
  if (leftS < 60) return "less than a minute left";
  const minutes = Math.round(leftS / 60);
  return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
}

function openJob(job: JobView): SpokenLine[] {
  const layers = job.layers.map(
    ({ name, pen, strokes }) => `layer ${oneLine(name) || "without a name"}, pen ${pen}, ${strokes} strokes`,
  );
  const current = job.state === "RUNNING" || job.state === "PAUSED" ? job.current_layer - 1 : undefined;
  return [{ text: jobWords(job) }, ...list("Layers", layers, current)];
}

function machineWords(device: DeviceView): string {
  const facts = [
    device.id,
    device.status,
    device.ready ? "paper ready" : "no paper",
    device.pen_up === null ? "" : `pen ${penWord(device.pen_up)}`,
    device.motor_power === false ? "no motor power" : "",
    `today ${formatLength(Math.floor(device.inked_today_mm / 1000) * 1000)}`,
    device.reason ? oneLine(device.reason) : "",
  ];
  return facts.filter(Boolean).join(", ");
}

function alertWords({ level, timestamp, message }: SystemAlert, isSettled: boolean): string {
  return `${level} at ${formatClock(timestamp)}, ${oneLine(message)}${isSettled ? ", seen" : ""}`;
}

function helpWords({ target }: View): SpokenLine[] {
  const keys = KEYMAP.map((row) => {
    const not = row.available(target) ? "" : ", not possible now";
    return { text: `${row.label}: ${row.word}, ${row.tells}${not}` };
  });
  return [{ text: "Keys of the monitor:" }, ...keys, { text: "Any key goes back." }];
}
