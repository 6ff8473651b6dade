import { expect, test } from "vitest";
import { ExecutedTracker } from "../../src/daemon/device/executed.ts";
import { locateOnPlan } from "../../src/daemon/device/locate.ts";
import { progressAt } from "../../src/daemon/device/progress.ts";
import { planOf } from "../support/drawings.ts";

const START = { move: 2, mm: 0 };

test("a place in the middle of a slice is that many mm along its move", () => {
  const tracker = new ExecutedTracker(START, { x: 0, y: 0 });
  tracker.sent({ x: 2, y: 0 }, 2, 0, 2);
  tracker.sent({ x: 4, y: 0 }, 2, 2, 4);
  expect(tracker.executed({ x: 3, y: 0 }, tracker.mark())).toEqual({ move: 2, mm: 3 });
});

test("at a reversal the earlier of two places is believed, and a position never goes back", () => {
  const tracker = new ExecutedTracker(START, { x: 0, y: 0 });
  tracker.sent({ x: 2, y: 0 }, 2, 0, 2);
  tracker.sent({ x: 0, y: 0 }, 2, 2, 4);
  expect(tracker.executed({ x: 1, y: 0 }, tracker.mark())).toEqual({ move: 2, mm: 1 });
  expect(tracker.executed({ x: 0.5, y: 0 }, tracker.mark())).toEqual({ move: 2, mm: 3.5 });
});

test("what is sent while the answer is on its way is not taken for executed", () => {
  const tracker = new ExecutedTracker(START, { x: 0, y: 0 });
  tracker.sent({ x: 2, y: 0 }, 2, 0, 2);
  const asked = tracker.mark();
  tracker.sent({ x: 0, y: 0 }, 2, 2, 4);
  expect(tracker.executed({ x: 2, y: 0 }, asked)).toEqual({ move: 2, mm: 2 });
});

test("a place beside all that was sent is told in mm, and nothing is told before anything was sent", () => {
  const tracker = new ExecutedTracker(START, { x: 60, y: 40 });
  expect(tracker.strayMm({ x: 0, y: 0 }, tracker.mark())).toBe(0);
  tracker.sent({ x: 62, y: 40 }, 2, 0, 2);
  expect(tracker.strayMm({ x: 61, y: 40.01 }, tracker.mark())).toBeCloseTo(0.01, 9);
  expect(tracker.strayMm({ x: 60, y: 37 }, tracker.mark())).toBeCloseTo(3, 9);
});

test("after a kill the machine's own place is found on what follows the journal", async () => {
  const plan = await planOf([
    [0, 0],
    [100, 0],
    [100, 100],
  ]);
  expect(await locateOnPlan(plan, { move: 2, mm: 95 }, { x: 100, y: 4 })).toEqual({ move: 2, mm: 104 });
  expect(await locateOnPlan(plan, { move: 2, mm: 190 }, { x: 100, y: 100 })).toEqual({ move: 4, mm: 0 });
});

test("a machine that stands nowhere on the plan leaves the journal's word", async () => {
  const plan = await planOf([
    [0, 0],
    [100, 0],
  ]);
  expect(await locateOnPlan(plan, { move: 2, mm: 20 }, { x: 0, y: 50 })).toEqual({ move: 2, mm: 20 });
});

test("progress is the share of the planned time: half of 2.25 s after the drop is 1.245 of 3.49 s", async () => {
  const plan = await planOf([
    [0, 0],
    [100, 0],
  ]);
  const report = await progressAt(plan, { move: 2, mm: 50 });
  expect(report.progress).toBeCloseTo((0.12 + 1.125) / 3.49, 3);
  expect(report.remainingS).toBeCloseTo(3.49 - 1.245, 3);
  expect((await progressAt(plan, { move: 0, mm: 0 })).progress).toBe(0);
  expect(await progressAt(plan, { move: 4, mm: 0 })).toMatchObject({ pointsPlotted: 2, layer: 0 });
});
