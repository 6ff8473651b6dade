import { JOB_STATES, type JobEvent, type JobState, type JobStateName, type Refusal } from "./job-states.ts";
import { PLAN_START } from "./plan.ts";

/** The contract's table: from each state, where a job may go. The daemon, the monitor and the tests read this one. */
export const TRANSITIONS: Readonly<Record<JobStateName, readonly JobStateName[]>> = {
  NEW: ["PLANNING", "CANCELLED", "FAILED"],
  PLANNING: ["QUEUED", "FAILED", "CANCELLED"],
  QUEUED: ["RUNNING", "PLANNING", "CANCELLED"],
  RUNNING: ["PAUSED", "COMPLETED", "FAILED", "CANCELLED"],
  PAUSED: ["RUNNING", "CANCELLED", "FAILED"],
  COMPLETED: [],
  FAILED: ["QUEUED"],
  CANCELLED: ["QUEUED"],
};

/** The state after `event`, or a refusal in words. Pure: nothing is saved or moved here. */
export function nextJobState(state: JobState, event: JobEvent): JobState | Refusal {
  const next = stateAfter(state, event);
  if (!TRANSITIONS[state.name].includes(next.name)) return refuse(state.name, event.type, next.name);
  if (event.type === "started" && state.name !== "QUEUED") return refuse(state.name, event.type, next.name);
  if (event.type === "resumed" && state.name !== "PAUSED") return refuse(state.name, event.type, next.name);
  return next;
}

export function canTransition(from: JobStateName, to: JobStateName): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Ended, though a failed or cancelled job can be queued again. */
export function isFinished(state: JobStateName): boolean {
  return state === "COMPLETED" || state === "FAILED" || state === "CANCELLED";
}

/** Not begun yet. */
export function isWaiting(state: JobStateName): boolean {
  return state === "NEW" || state === "PLANNING" || state === "QUEUED";
}

export function isJobState(name: string): name is JobStateName {
  return (JOB_STATES as readonly string[]).includes(name);
}

export function isRefusal(outcome: JobState | Refusal): outcome is Refusal {
  return "refused" in outcome;
}

function stateAfter(state: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case "planStarted":
    case "optionsChanged":
      return { name: "PLANNING" };
    case "planned":
      return { name: "QUEUED" };
    case "requeued":
      return event.at ? { name: "QUEUED", at: event.at } : { name: "QUEUED" };
    case "started":
    case "resumed":
      return { name: "RUNNING", at: positionOf(state) ?? PLAN_START };
    case "paused":
      return { name: "PAUSED", at: event.at, byFault: event.byFault };
    case "completed":
      return { name: "COMPLETED" };
    case "failed":
      return { name: "FAILED", error: event.error, ...stopped(event.at ?? positionOf(state)) };
    case "cancelled":
      return { name: "CANCELLED", ...stopped(event.at ?? positionOf(state)) };
  }
}

function positionOf(state: JobState) {
  return "at" in state ? state.at : undefined;
}

function stopped(at: ReturnType<typeof positionOf>) {
  return at ? { at } : {};
}

function refuse(from: JobStateName, event: JobEvent["type"], to: JobStateName): Refusal {
  const open = TRANSITIONS[from];
  const rest = open.length === 0 ? "it has ended for good" : `from there it can go to ${open.join(", ")}`;
  return { refused: `a job that is ${from} cannot become ${to} (${event}): ${rest}` };
}
