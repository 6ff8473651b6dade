import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { ExecutedTracker } from "../../src/daemon/device/executed.ts";
import { PositionJournal } from "../../src/daemon/device/journal.ts";
import { watchPlot } from "../../src/daemon/device/plot-watch.ts";
import type { Plotter } from "../../src/daemon/device/plotter.ts";
import { PowerWatch } from "../../src/daemon/device/power-watch.ts";
import { systemClock } from "../../src/shared/clock.ts";
import type { Point } from "../../src/shared/geometry.ts";
import { dataDir } from "../support/data-dir.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** A board at one place that takes `answerMs` for each question, one after the other. */
function slowBoard(answerMs: number, place: Point, supply = () => ({ currentA: null, powered: true })) {
  let [freeMs, questions] = [0, 0];
  const answer = <T>(value: T): Promise<T> => {
    questions++;
    freeMs = Math.max(freeMs, performance.now()) + answerMs;
    return new Promise((resolve) => setTimeout(() => resolve(value), freeMs - performance.now()));
  };
  const plotter: Pick<Plotter, "executedPosition" | "motorPower" | "buttonPressed"> = {
    executedPosition: () => answer(place),
    motorPower: () => answer(supply()),
    buttonPressed: () => answer(false),
  };
  return { plotter: plotter as Plotter, questions: () => questions };
}

function watch(plotter: Plotter, tracker = new ExecutedTracker({ move: 0, mm: 0 }, { x: 0, y: 0 })) {
  const lost: number[] = [];
  const power: string[] = [];
  const journal = new PositionJournal(`${dataDir()}/position`, () => undefined);
  onTestFinished(() => journal.close());
  const watched = watchPlot({
    plotter,
    tracker,
    journal,
    power: new PowerWatch(true),
    clock: systemClock,
    onPlace: async () => undefined,
    onButton: () => undefined,
    onPowerLost: () => power.push("lost"),
    onPowerBack: () => power.push("back"),
    onCountLost: () => lost.push(performance.now()),
  });
  return { ...watched, lost, power };
}

test.each([
  [0, 55, 61],
  [5, 50, 61],
  [20, 12, 24],
])(
  "a board that takes %i ms for an answer is asked %i to %i questions in a second",
  async (answerMs, least, most) => {
    const board = slowBoard(answerMs, { x: 0, y: 0 });
    const { end, lastSure } = watch(board.plotter);
    await vi.advanceTimersByTimeAsync(1000);
    const before = board.questions();
    await vi.advanceTimersByTimeAsync(1000);
    expect(board.questions() - before).toBeGreaterThanOrEqual(least);
    expect(board.questions() - before).toBeLessThanOrEqual(most);
    end();
    await vi.advanceTimersByTimeAsync(500);
    expect(await lastSure).toEqual({ move: 0, mm: 0 });
  },
);

test("a place 3 mm beside all that was sent is no place on the plan, and said to be a lost count", async () => {
  const tracker = new ExecutedTracker({ move: 2, mm: 0 }, { x: 10, y: 0 });
  tracker.sent({ x: 20, y: 0 }, 2, 0, 10);
  const { end, lastSure, lost } = watch(slowBoard(0, { x: 15, y: 3 }).plotter, tracker);
  await vi.advanceTimersByTimeAsync(30);
  end();
  await vi.advanceTimersByTimeAsync(30);
  expect(await lastSure).toBeNull();
  expect(lost).toHaveLength(1);
});

test("a supply that is gone for 100 ms is told as lost and as back, and nothing from the loss to the end is sure", async () => {
  const tracker = new ExecutedTracker({ move: 2, mm: 0 }, { x: 0, y: 0 });
  tracker.sent({ x: 20, y: 0 }, 2, 0, 20);
  const place = { x: 5, y: 0 };
  let isGone = false;
  const supply = () => ({ currentA: null, powered: !isGone, absent: isGone });
  const { end, lastSure, power } = watch(slowBoard(0, place, supply).plotter, tracker);
  await vi.advanceTimersByTimeAsync(100);
  isGone = true;
  place.x = 8;
  await vi.advanceTimersByTimeAsync(100);
  expect(power).toEqual(["lost"]);
  isGone = false;
  place.x = 12;
  await vi.advanceTimersByTimeAsync(100);
  expect(power).toEqual(["lost", "back"]);
  end();
  await vi.advanceTimersByTimeAsync(100);
  expect(await lastSure).toEqual({ move: 2, mm: 5 });
});
