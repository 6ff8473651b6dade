import { expect, test } from "vitest";
import { JOB_STATES, type JobStateName } from "../../src/shared/job-states.ts";
import type { DeviceView } from "../../src/shared/ws-messages.ts";
import { keyName, keysOf } from "../../src/tui/monitor/key-names.ts";
import { type Action, deviceFor, KEYMAP, rowOfKey } from "../../src/tui/monitor/keymap.ts";
import { scrollTo, shareRows } from "../../src/tui/monitor/layout.ts";
import { deviceView, jobView } from "../support/views.ts";

function statesThatAllow(action: Action): JobStateName[] {
  const row = KEYMAP.find((candidate) => candidate.action === action)!;
  return JOB_STATES.filter((state) => row.available({ job: jobView("a", { state }), device: undefined }));
}

test("keys are offered in just the states in which the daemon's own table takes them", () => {
  expect(statesThatAllow("pause")).toEqual(["RUNNING"]);
  expect(statesThatAllow("resume")).toEqual(["PAUSED"]);
  expect(statesThatAllow("retry")).toEqual(["FAILED", "CANCELLED"]);
  expect(statesThatAllow("cancel")).toEqual(["NEW", "PLANNING", "QUEUED", "RUNNING", "PAUSED"]);
});

test("a held job can be let go with the key that resumes", () => {
  const resume = KEYMAP.find(({ action }) => action === "resume")!;
  expect(resume.available({ job: jobView("a", { hold: true }), device: undefined })).toBe(true);
  expect(resume.available({ job: jobView("a", { hold: false }), device: undefined })).toBe(false);
});

test("no key means two things", () => {
  const keys = KEYMAP.flatMap((row) => row.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test("a key press has one name: r and R differ, Ctrl-C is ctrl+c", () => {
  expect(rowOfKey(keyName("r", {}))?.action).toBe("resume");
  expect(rowOfKey(keyName("R", { shift: true }))?.action).toBe("ready");
  expect(rowOfKey(keyName("c", { ctrl: true }))?.action).toBe("interrupt");
  expect(rowOfKey(keyName("", { downArrow: true }))?.action).toBe("down");
});

test("a text that came in one piece is its keys, Enter and Tab among them", () => {
  expect(keysOf("/é\r\t")).toEqual([
    { name: "/", text: "/" },
    { name: "é", text: "é" },
    { name: "return", text: "" },
    { name: "tab", text: "" },
  ]);
});

test("R is for the machine of the selected job, else for the one without paper", () => {
  const devices = [deviceView("a"), deviceView("b", { ready: false }), deviceView("c")];
  expect(deviceFor(jobView("x", { device: "c" }), devices)?.id).toBe("c");
  expect(deviceFor(jobView("x"), devices)?.id).toBe("b");
  const drawing = deviceView("a", { ready: false, job_id: "y", status: "busy" });
  expect(deviceFor(jobView("x"), [drawing, ...devices])?.id).toBe("b");
  expect(deviceFor(undefined, [])).toBeUndefined();
});

test("fresh paper is not declared while a job has its ink on the sheet", () => {
  const ready = KEYMAP.find(({ action }) => action === "ready")!;
  const offered = (more: Partial<DeviceView>) =>
    ready.available({ job: undefined, device: deviceView("a", { ready: false, ...more }) });
  expect(offered({})).toBe(true);
  expect(offered({ job_id: "y", status: "busy" })).toBe(false);
  expect(offered({ job_id: "y", status: "paused" })).toBe(false);
});

test("12 rows show 2 jobs, 1 machine and 1 alert; 5 rows only jobs", () => {
  const counts = { jobs: 2, devices: 1, alerts: 1 };
  const { jobs, devices, alerts } = shareRows(12, counts);
  expect(jobs).toBeGreaterThanOrEqual(2);
  expect([devices, alerts]).toEqual([1, 1]);
  expect(shareRows(5, counts)).toEqual({ jobs: 1, devices: 0, alerts: 0 });
});

test("the panes never take more rows than there are", () => {
  for (let rows = 1; rows <= 100; rows++) {
    const shares = Object.values(shareRows(rows, { jobs: 30, devices: 4, alerts: 9 }));
    const used = shares.reduce((sum, share) => sum + (share > 0 ? share + 1 : 0), 0);
    expect(used).toBeLessThanOrEqual(Math.max(0, rows - 3));
  }
});

test("the selected job is always among those shown", () => {
  for (const selected of [0, 3, 9]) {
    const first = scrollTo(selected, 10, 4);
    expect(selected).toBeGreaterThanOrEqual(first);
    expect(selected).toBeLessThan(first + 4);
  }
});
