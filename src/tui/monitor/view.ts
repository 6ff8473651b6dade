import { LOOK_AT_ALL, type Look } from "../../shared/plan-view.ts";
import type { DeviceView, JobView, Level, PlottyEvent, SystemAlert } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import { orderJobs } from "../client/order-jobs.ts";
import { deviceFor, type Target } from "./keymap.ts";
import type { PaneName } from "./layout.ts";
import { alertsOfInterest } from "./other-rows.ts";
import { type Prompt, promptText } from "./prompt.ts";

/** A question with No as its answer unless `y` is pressed. */
export interface Question {
  readonly verb: "cancel" | "remove";
  readonly job: JobView;
}

/** What the keys change: what is selected, opened, typed, asked and told. */
export interface ViewState {
  readonly selectedId: string | undefined;
  readonly focus: PaneName;
  /** The selected line of each pane but that of the jobs. */
  readonly places: Readonly<Partial<Record<PaneName, number>>>;
  readonly isOpen: boolean;
  /** The first line of the help that is shown; nothing while the help is not. */
  readonly helpFrom: number | undefined;
  readonly filter: string;
  readonly prompt: Prompt | undefined;
  readonly asked: Question | undefined;
  readonly told: string | undefined;
  readonly look: Look;
  readonly showsTravel: boolean;
}

export const FIRST_VIEW: ViewState = {
  selectedId: undefined,
  focus: "jobs",
  places: {},
  isOpen: false,
  helpFrom: undefined,
  filter: "",
  prompt: undefined,
  asked: undefined,
  told: undefined,
  look: LOOK_AT_ALL,
  showsTravel: false,
};

/** What the command line asked to see. */
export interface Wanted {
  readonly jobId: string | undefined;
  readonly level: Level | undefined;
  readonly isReadOnly: boolean;
}

/** That state over a mirror: what there is to show, and what the keys act on. */
export interface View extends Omit<ViewState, "selectedId"> {
  readonly jobs: readonly JobView[];
  /** The newest first. */
  readonly alerts: readonly SystemAlert[];
  /** Ids of those that nobody has to look at any more. */
  readonly settled: ReadonlySet<string>;
  /** The newest last. */
  readonly log: readonly PlottyEvent[];
  readonly job: JobView | undefined;
  /** Its place among `jobs`. */
  readonly index: number;
  readonly target: Target;
  /** The selected line of the pane in use, and how many it has. */
  readonly line: number;
  readonly lines: number;
  /** What the bottom line says instead of the keys. */
  readonly notice: string | undefined;
}

export function viewOf(state: ViewState, mirror: Mirror, { jobId, level, isReadOnly }: Wanted): View {
  const { focus, places, prompt, asked } = state;
  const filter = prompt?.kind === "filter" ? prompt.text : state.filter;
  const jobs = orderJobs(mirror.jobs.values()).filter(
    (job) => (jobId === undefined || job.id === jobId) && holds(job, filter),
  );
  const index = Math.max(
    0,
    jobs.findIndex(({ id }) => id === state.selectedId),
  );
  const job = jobs[index];
  const alerts = alertsOfInterest(mirror.alerts, jobId, level).toReversed();
  const log = mirror.log.filter((event) => isAbout(event, jobId));
  const devices = [...mirror.devices.values()];
  const counts: Partial<Record<PaneName, number>> = {
    jobs: jobs.length,
    machines: devices.length,
    alerts: alerts.length,
    events: log.length,
  };
  const lines = counts[focus] ?? 0;
  const line = focus === "jobs" ? index : Math.max(0, Math.min(places[focus] ?? 0, lines - 1));
  const device: DeviceView | undefined = focus === "machines" ? devices[line] : deviceFor(job, devices);
  const selected = focus === "alerts" ? alerts[line] : undefined;
  const isOpen = (other: SystemAlert | undefined) => other !== undefined && !mirror.settled.has(other.id);
  const alert = isOpen(selected) ? selected : alerts.find(isOpen);
  const notice = prompt ? promptText(prompt) : asked ? question(asked) : state.told;
  return {
    ...state,
    filter,
    isOpen: state.isOpen && job !== undefined,
    jobs,
    alerts,
    log,
    job,
    index,
    settled: mirror.settled,
    target: { job, device, alert, isReadOnly, pane: focus },
    line,
    lines,
    notice: notice || undefined,
  };
}

function holds(job: JobView, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [job.id, job.name, job.state, job.device, job.pen, job.paper].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

function isAbout(event: PlottyEvent, jobId: string | undefined): boolean {
  return jobId === undefined || !("job_id" in event) || event.job_id === jobId;
}

function question({ verb, job }: Question): string {
  const [Verb, does] = verb === "cancel" ? ["Cancel", "ends"] : ["Remove", "forgets"];
  return `${Verb} ${job.id}? y ${does} it, any other key keeps it (No)`;
}
