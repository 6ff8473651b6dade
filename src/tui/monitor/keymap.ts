import { isFinished, isRefusal, isWaiting, nextJobState } from "../../shared/job-machine.ts";
import type { JobEvent, JobState } from "../../shared/job-states.ts";
import { canHaveFreshPaper } from "../../shared/paper.ts";
import { PLAN_START } from "../../shared/plan.ts";
import type { DeviceView, JobView, SystemAlert } from "../../shared/ws-messages.ts";
import type { PaneName } from "./layout.ts";

export type Action =
  | "up"
  | "down"
  | "left"
  | "right"
  | "first"
  | "last"
  | "nextPane"
  | "previousPane"
  | "pane"
  | "open"
  | "back"
  | "pause"
  | "resume"
  | "retry"
  | "cancel"
  | "ready"
  | "add"
  | "earlier"
  | "later"
  | "filter"
  | "command"
  | "acknowledge"
  | "zoomIn"
  | "zoomOut"
  | "fit"
  | "travel"
  | "suspend"
  | "help"
  | "quit"
  | "interrupt";

/** What the keys act on. */
export interface Target {
  readonly job: JobView | undefined;
  /** The machine that needs paper, or the one of the job. */
  readonly device: DeviceView | undefined;
  /** The one that is selected, else the newest that nobody has seen. */
  readonly alert?: SystemAlert | undefined;
  /** `--read-only`: nothing is changed. */
  readonly isReadOnly?: boolean;
  /** The pane that the keys of movement are for. */
  readonly pane?: PaneName;
}

export interface KeyRow {
  readonly action: Action;
  /** As Ink names them: `upArrow`, `ctrl+c`, or the character itself. */
  readonly keys: readonly string[];
  readonly label: string;
  /** One word for the footer. */
  readonly word: string;
  readonly tells: string;
  /** Always, where there is room for more than the shortest footer, or not at all. */
  readonly inFooter: "always" | "room" | "never";
  /** Whether the daemon would do it now; by its own table where a job is concerned. */
  available(target: Target): boolean;
}

const always = () => true;
const changing =
  (allowed: (target: Target) => boolean) =>
  (target: Target): boolean =>
    target.isReadOnly !== true && allowed(target);
const onJob = (event: JobEvent) => (target: Target) =>
  target.job !== undefined && !isRefusal(nextJobState(stateOf(target.job), event));
const isHeld = ({ job }: Target) => job?.hold === true && !isFinished(job.state);
const canMove = ({ job }: Target) => job !== undefined && isWaiting(job.state);
const onDrawing = ({ job }: Target) => job !== undefined;

const reason = "asked in the monitor";
const paused: JobEvent = { type: "paused", at: PLAN_START, byFault: false, reason };
const canResume = (target: Target) => isHeld(target) || onJob({ type: "resumed", reason })(target);
const canRetry = (target: Target) =>
  target.job !== undefined && isFinished(target.job.state) && onJob({ type: "requeued", reason })(target);

/** Every key of the monitor. The footer, the help and the handling of keys are this table. */
export const KEYMAP: readonly KeyRow[] = [
  row("pause", "p", "pause", "brake along the path, pen up", changing(onJob(paused)), "always"),
  row("resume", "r", "resume", "go on, or let a held job start", changing(canResume), "always"),
  row(
    "cancel",
    "c",
    "cancel",
    "end the job, after asking",
    changing(onJob({ type: "cancelled", reason })),
    "always",
  ),
  row(
    "ready",
    "R",
    "ready",
    "fresh paper lies in the machine",
    changing(({ device }) => device !== undefined && !device.ready && canHaveFreshPaper(device)),
    "always",
  ),
  row("retry", "t", "retry", "queue an ended job again", changing(canRetry)),
  row("add", "a", "add", "queue a file", changing(always), "room"),
  row("earlier", "K", "earlier", "one place earlier in the queue", changing(canMove)),
  row("later", "J", "later", "one place later in the queue", changing(canMove)),
  row("filter", "/", "filter", "jobs that hold what is typed", always, "room"),
  row("command", ":", "run", "a command, such as move 1", always, "room"),
  { ...row("up", "Up k", "up", "up in the pane", always), keys: ["upArrow", "k"] },
  { ...row("down", "Down j", "down", "down in the pane", always), keys: ["downArrow", "j"] },
  { ...row("left", "Left h", "left", "left in the drawing", onDrawing), keys: ["leftArrow", "h"] },
  { ...row("right", "Right l", "right", "right in the drawing", onDrawing), keys: ["rightArrow", "l"] },
  { ...row("first", "g", "first", "to the first", always), keys: ["g", "home"] },
  { ...row("last", "G", "last", "to the last", always), keys: ["G", "end"] },
  { ...row("nextPane", "Tab", "pane", "the next pane", always), keys: ["tab"] },
  { ...row("previousPane", "S-Tab", "pane", "the pane before", always), keys: ["shift+tab"] },
  {
    ...row("pane", "1-6", "pane", "the pane of that number", always),
    keys: [..."123456"],
  },
  {
    ...row("open", "Enter", "open", "its drawing, layers and pens", onDrawing, "room"),
    keys: ["return"],
  },
  { ...row("back", "Esc", "back", "out of what was opened", always), keys: ["escape"] },
  { ...row("zoomIn", "+", "nearer", "the drawing larger", onDrawing), keys: ["+", "="] },
  row("zoomOut", "-", "farther", "the drawing smaller", onDrawing),
  row("fit", "0", "whole", "all of the drawing", onDrawing),
  row("travel", "v", "travel", "ways with the pen up", onDrawing),
  row(
    "acknowledge",
    "x",
    "seen",
    "the alert has been seen",
    changing(({ alert }) => alert !== undefined),
  ),
  row("help", "?", "help", "this help", always, "always"),
  { ...row("suspend", "^Z", "suspend", "back to the shell; fg returns", always), keys: ["ctrl+z"] },
  row("quit", "q", "quit", "leave; the plotters go on", always, "always"),
  { ...row("interrupt", "^C", "break", "leave with exit code 130", always), keys: ["ctrl+c"] },
];

function row(
  action: Action,
  label: string,
  word: string,
  tells: string,
  available: (target: Target) => boolean,
  inFooter: KeyRow["inFooter"] = "never",
): KeyRow {
  return { action, keys: [label], label, word, tells, inFooter, available };
}

export function rowOfKey(key: string): KeyRow | undefined {
  return KEYMAP.find(({ keys }) => keys.includes(key));
}

/** The machine that `R` is for: the one of the job, else the first that waits for paper, else the first without. */
export function deviceFor(job: JobView | undefined, devices: Iterable<DeviceView>): DeviceView | undefined {
  const present = [...devices].filter(({ status }) => status !== "disconnected");
  const bare = present.filter(({ ready }) => !ready);
  return (
    present.find(({ id }) => id === job?.device) ?? bare.find(canHaveFreshPaper) ?? bare[0] ?? present[0]
  );
}

/** The state that the job machine decides by, as far as a view tells it. */
function stateOf({ state: name, error }: JobView): JobState {
  switch (name) {
    case "RUNNING":
    case "PAUSED":
      return { name, at: PLAN_START, byFault: false };
    case "FAILED":
      return { name, error: { code: "internal", message: error?.message ?? "" } };
    default:
      return { name };
  }
}
