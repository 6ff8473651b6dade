import { expect, test } from "vitest";
import type { ServerFrame } from "../../src/shared/ws-messages.ts";
import { EMPTY_MIRROR, type Mirror, type MirrorInput, reflect } from "../../src/tui/client/mirror.ts";
import { orderJobs } from "../../src/tui/client/order-jobs.ts";
import { alertView, deviceView, jobView, systemView } from "../support/views.ts";

const timestamp = "2026-11-22T10:00:05.000Z";
const system = systemView({ epoch: "e", seq: 4, url: "ws://localhost:8766/ws", connections: 1 });

function fold(mirror: Mirror, ...inputs: MirrorInput[]): Mirror {
  return inputs.reduce(reflect, mirror);
}

function frame(value: Record<string, unknown>): MirrorInput {
  return { type: "frame", frame: { timestamp, ...value } as unknown as ServerFrame };
}

function changed(id: string, from: string | null, to: string, seq: number, reason = ""): MirrorInput {
  const metadata = { pen: null, paper: null, estimated_time: 60 };
  return frame({
    type: "job_state_change",
    job_id: id,
    from_state: from,
    to_state: to,
    reason,
    metadata,
    seq,
  });
}

const snapshot = frame({
  type: "snapshot",
  jobs: [jobView("spiral", { state: "RUNNING", progress: 0.4 })],
  devices: [deviceView("virtual_001")],
  system,
  epoch: "e",
  seq: 4,
});

test("a snapshot brings jobs, machines and the system", () => {
  const mirror = fold(EMPTY_MIRROR, snapshot);
  expect([...mirror.jobs.keys()]).toEqual(["spiral"]);
  expect([...mirror.devices.keys()]).toEqual(["virtual_001"]);
  expect(mirror.system?.daemon_version).toBe("0.1.0");
});

test("progress moves a job, and completion makes it exactly 1", () => {
  const progressed = fold(EMPTY_MIRROR, snapshot, progress("spiral", 0.75, 15));
  expect(progressed.jobs.get("spiral")).toMatchObject({ progress: 0.75, estimated_remaining: 15 });
  const completed = fold(progressed, changed("spiral", "RUNNING", "COMPLETED", 5));
  expect(completed.jobs.get("spiral")).toMatchObject({
    state: "COMPLETED",
    progress: 1,
    estimated_remaining: null,
  });
});

test("a job that only events have told of is filled in by the answer, but keeps the state of the events", () => {
  const told = fold(
    EMPTY_MIRROR,
    snapshot,
    changed("waves", null, "NEW", 5),
    changed("waves", "NEW", "PLANNING", 6),
  );
  const asked = fold(told, { type: "job", job: jobView("waves", { state: "NEW", name: "Waves of June" }) });
  expect(asked.jobs.get("waves")).toMatchObject({ name: "Waves of June", state: "PLANNING" });
});

test("what the snapshot knew already changes nothing when a replay tells it again", () => {
  const mirror = fold(EMPTY_MIRROR, snapshot);
  expect(fold(mirror, changed("spiral", "QUEUED", "RUNNING", 3, "old")).jobs).toBe(mirror.jobs);
});

test("a snapshot after a restart drops jobs that are gone and keeps those that had ended", () => {
  const before = fold(
    EMPTY_MIRROR,
    snapshot,
    changed("waves", null, "NEW", 5),
    changed("old", null, "NEW", 6),
    changed("old", "NEW", "FAILED", 7),
  );
  const after = fold(before, snapshot);
  expect([...after.jobs.keys()].sort()).toEqual(["old", "spiral"]);
});

test("the mirror is stale from the moment the link is lost until it is live again", () => {
  const live = fold(
    EMPTY_MIRROR,
    { type: "link", link: { state: "live", connectedInMs: 3 }, atMs: 1000 },
    snapshot,
  );
  expect(live.staleSinceMs).toBeNull();
  const lost = fold(live, { type: "link", link: { state: "lost", reason: "x", retryInMs: 200 }, atMs: 2000 });
  const trying = fold(lost, { type: "link", link: { state: "connecting" }, atMs: 3000 });
  expect(trying.staleSinceMs).toBe(2000);
  const back = fold(trying, { type: "link", link: { state: "live", connectedInMs: 3 }, atMs: 4000 });
  expect(back.staleSinceMs).toBeNull();
});

test("an alert is kept once, and of many the newest 200", () => {
  const alert = (n: number) =>
    frame({
      type: "system_alert",
      level: "info",
      message: `m${n}`,
      details: {},
      id: `a${n}`,
      source: "x",
      seq: 10 + n,
    });
  const many = Array.from({ length: 250 }, (_, n) => alert(n));
  const mirror = fold(EMPTY_MIRROR, ...many, alert(249));
  expect(mirror.alerts).toHaveLength(200);
  expect(mirror.alerts.at(-1)?.message).toBe("m249");
});

test("an alert that is not open any more is settled; one that came while that was asked is not", () => {
  const told = (id: string, at: number) =>
    frame({ type: "system_alert", level: "info", message: id, details: {}, id, source: "x", seq: at });
  const before = fold(EMPTY_MIRROR, told("a1", 10), told("a2", 11));
  const known = before.alerts;
  const open = [alertView(known[1]!)];
  const after = fold(before, told("a3", 12), { type: "openAlerts", open, known });
  expect([...after.settled]).toEqual(["a1"]);
  expect(fold(after, { type: "acknowledged", id: "a2" }).settled).toEqual(new Set(["a1", "a2"]));
  expect(fold(after, { type: "openAlerts", open, known: [] })).toBe(after);
});

test("open alerts from before come in their time's place", () => {
  const late = frame({
    type: "system_alert",
    level: "info",
    message: "l",
    details: {},
    id: "l",
    source: "x",
  });
  const mirror = fold(EMPTY_MIRROR, late);
  const early = alertView({ ...mirror.alerts[0]!, id: "e", timestamp: "2026-11-22T09:00:00.000Z" });
  const both = fold(mirror, { type: "openAlerts", open: [early], known: [] });
  expect(both.alerts.map(({ id }) => id)).toEqual(["e", "l"]);
});

test("waiting jobs take the places that the daemon tells, and the same places change nothing", () => {
  const waiting = frame({
    type: "snapshot",
    jobs: [jobView("now", { state: "RUNNING" }), jobView("a"), jobView("b"), jobView("c", { rank: 3 })],
    devices: [],
    system,
    epoch: "e",
    seq: 4,
  });
  const mirror = fold(EMPTY_MIRROR, waiting);
  const asked = [
    jobView("c", { rank: 0.5 }),
    jobView("unknown"),
    jobView("b", { priority: 2 }),
    jobView("a"),
  ];
  const moved = fold(mirror, { type: "queue", jobs: asked });
  expect(orderJobs(moved.jobs.values()).map(({ id }) => id)).toEqual(["now", "b", "c", "a"]);
  expect(fold(moved, { type: "queue", jobs: asked })).toBe(moved);
});

test("of jobs that ended, the newest 50 stay", () => {
  const ended = Array.from({ length: 60 }, (_, n) => changed(`j${n}`, "RUNNING", "COMPLETED", n + 1));
  const mirror = fold(EMPTY_MIRROR, ...ended);
  expect(mirror.jobs.size).toBe(50);
  expect(mirror.jobs.has("j0")).toBe(false);
});

function progress(id: string, share: number, left: number): MirrorInput {
  return frame({
    type: "job_progress",
    job_id: id,
    progress: share,
    current_layer: 1,
    total_layers: 2,
    estimated_remaining: left,
    metadata: { points_plotted: 1, total_points: 2 },
  });
}
