import fc from "fast-check";
import { expect, test } from "vitest";
import { isFinished, isRefusal, nextJobState, TRANSITIONS } from "../../src/shared/job-machine.ts";
import { JOB_STATES, type JobEvent, type JobState } from "../../src/shared/job-states.ts";

const at = { move: 6, mm: 1.5 };
const error = { code: "internal" as const, message: "broken" };
const states: Record<(typeof JOB_STATES)[number], JobState> = {
  NEW: { name: "NEW" },
  PLANNING: { name: "PLANNING" },
  QUEUED: { name: "QUEUED" },
  RUNNING: { name: "RUNNING", at },
  PAUSED: { name: "PAUSED", at, byFault: false },
  COMPLETED: { name: "COMPLETED" },
  CANCELLED: { name: "CANCELLED", at },
  FAILED: { name: "FAILED", at, error },
};
const events: JobEvent[] = [
  { type: "planStarted", reason: "" },
  { type: "planned", reason: "" },
  { type: "optionsChanged", reason: "" },
  { type: "started", reason: "" },
  { type: "paused", at, byFault: true, reason: "" },
  { type: "resumed", reason: "" },
  { type: "completed", reason: "" },
  { type: "failed", error, reason: "" },
  { type: "cancelled", reason: "" },
  { type: "requeued", at, reason: "" },
];

test("no event leads where the table does not", () => {
  for (const from of JOB_STATES) {
    for (const event of events) {
      const next = nextJobState(states[from], event);
      if (!isRefusal(next)) expect(TRANSITIONS[from]).toContain(next.name);
    }
  }
});

test("every way in the table can be gone", () => {
  for (const from of JOB_STATES) {
    const reached = events
      .map((event) => nextJobState(states[from], event))
      .filter((next) => !isRefusal(next));
    expect(new Set(reached.map((next) => (next as JobState).name))).toEqual(new Set(TRANSITIONS[from]));
  }
});

test("a completed job can go nowhere, and is told so in words", () => {
  const refusal = nextJobState(states.COMPLETED, { type: "requeued", reason: "" });
  expect(refusal).toEqual({
    refused: "a job that is COMPLETED cannot become QUEUED (requeued): it has ended for good",
  });
});

test("a paused job keeps the place where it stopped through resume, cancel and requeue", () => {
  const running = nextJobState(states.PAUSED, { type: "resumed", reason: "" }) as JobState;
  expect(running).toEqual({ name: "RUNNING", at });
  const cancelled = nextJobState(states.PAUSED, { type: "cancelled", reason: "" }) as JobState;
  expect(cancelled).toEqual({ name: "CANCELLED", at });
});

test("a queued job cannot be resumed, and a paused one cannot be started anew", () => {
  expect(isRefusal(nextJobState(states.QUEUED, { type: "resumed", reason: "" }))).toBe(true);
  expect(isRefusal(nextJobState(states.PAUSED, { type: "started", reason: "" }))).toBe(true);
});

test("whatever happens, a job stays in a state of the table and ends only in three", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (happened) => {
      let state: JobState = { name: "NEW" };
      for (const event of happened) {
        const next = nextJobState(state, event);
        if (!isRefusal(next)) state = next;
      }
      expect(JOB_STATES).toContain(state.name);
      expect(isFinished(state.name)).toBe(["COMPLETED", "FAILED", "CANCELLED"].includes(state.name));
    }),
  );
});
