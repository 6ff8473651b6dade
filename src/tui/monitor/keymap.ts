import { isFinished, isRefusal, nextJobState } from "../../shared/job-machine.ts";
import type { JobEvent, JobState } from "../../shared/job-states.ts";
import { PLAN_START } from "../../shared/plan.ts";
import type { DeviceView, JobView } from "../../shared/ws-messages.ts";

export type Action =
  | "up"
  | "down"
  | "first"
  | "last"
  | "pause"
  | "resume"
  | "retry"
  | "cancel"
  | "ready"
  | "suspend"
  | "help"
  | "quit"
  | "interrupt";

/** What the keys act on. */
export interface Target {
  readonly job: JobView | undefined;
  /** The machine that needs paper, or the one of the job. */
  readonly device: DeviceView | undefined;
}

export interface KeyRow {
  readonly action: Action;
  /** As Ink names them: `upArrow`, `ctrl+c`, or the character itself. */
  readonly keys: readonly string[];
  readonly label: string;
  /** One word for the footer. */
  readonly word: string;
  readonly tells: string;
  readonly inFooter: boolean;
  /** Whether the daemon would do it now; by its own table where a job is concerned. */
  available(target: Target): boolean;
}

const always = () => true;
const onJob = (event: JobEvent) => (target: Target) =>
  target.job !== undefined && !isRefusal(nextJobState(stateOf(target.job), event));
const isHeld = ({ job }: Target) => job?.hold === true && !isFinished(job.state);

const reason = "asked in the monitor";

/** Every key of the monitor. The footer, the help and the handling of keys are this table. */
export const KEYMAP: readonly KeyRow[] = [
  {
    action: "up",
    keys: ["upArrow", "k"],
    label: "↑ k",
    word: "up",
    tells: "job above",
    inFooter: false,
    available: always,
  },
  {
    action: "down",
    keys: ["downArrow", "j"],
    label: "↓ j",
    word: "down",
    tells: "job below",
    inFooter: false,
    available: always,
  },
  {
    action: "first",
    keys: ["g", "home"],
    label: "g",
    word: "first",
    tells: "first job",
    inFooter: false,
    available: always,
  },
  {
    action: "last",
    keys: ["G", "end"],
    label: "G",
    word: "last",
    tells: "last job",
    inFooter: false,
    available: always,
  },
  {
    action: "pause",
    keys: ["p"],
    label: "p",
    word: "pause",
    tells: "brake along the path and raise the pen",
    inFooter: true,
    available: onJob({ type: "paused", at: PLAN_START, byFault: false, reason }),
  },
  {
    action: "resume",
    keys: ["r"],
    label: "r",
    word: "resume",
    tells: "go on where the job stopped, or let a held one start",
    inFooter: true,
    available: (target) => isHeld(target) || onJob({ type: "resumed", reason })(target),
  },
  {
    action: "retry",
    keys: ["t"],
    label: "t",
    word: "retry",
    tells: "queue a failed or cancelled job again",
    inFooter: false,
    available: (target) =>
      target.job !== undefined && isFinished(target.job.state) && onJob({ type: "requeued", reason })(target),
  },
  {
    action: "cancel",
    keys: ["c"],
    label: "c",
    word: "cancel",
    tells: "end the job, after asking",
    inFooter: true,
    available: onJob({ type: "cancelled", reason }),
  },
  {
    action: "ready",
    keys: ["R"],
    label: "R",
    word: "ready",
    tells: "fresh paper lies in the machine",
    inFooter: true,
    available: ({ device }) => device !== undefined && !device.ready,
  },
  {
    action: "help",
    keys: ["?"],
    label: "?",
    word: "help",
    tells: "this help",
    inFooter: true,
    available: always,
  },
  {
    action: "suspend",
    keys: ["ctrl+z"],
    label: "^Z",
    word: "suspend",
    tells: "back to the shell; fg returns",
    inFooter: false,
    available: always,
  },
  {
    action: "quit",
    keys: ["q"],
    label: "q",
    word: "quit",
    tells: "leave; the plotters go on",
    inFooter: true,
    available: always,
  },
  {
    action: "interrupt",
    keys: ["ctrl+c"],
    label: "^C",
    word: "break",
    tells: "leave with exit code 130",
    inFooter: false,
    available: always,
  },
];

export function rowOfKey(key: string): KeyRow | undefined {
  return KEYMAP.find(({ keys }) => keys.includes(key));
}

/** Ink's account of a key press as one name. */
export function keyName(input: string, key: Readonly<Record<string, boolean | undefined>>): string {
  if (key.ctrl) return `ctrl+${input}`;
  const named = ["upArrow", "downArrow", "escape", "return", "home", "end"].find((name) => key[name]);
  return named ?? input;
}

/** The machine that `R` is for: the one of the job, else the first that wants paper. */
export function deviceFor(job: JobView | undefined, devices: Iterable<DeviceView>): DeviceView | undefined {
  const present = [...devices].filter(({ status }) => status !== "disconnected");
  return present.find(({ id }) => id === job?.device) ?? present.find(({ ready }) => !ready) ?? present[0];
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
