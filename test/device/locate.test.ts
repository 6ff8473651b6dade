import { expect, test } from "vitest";
import { locateOnPlan } from "../../src/daemon/device/locate.ts";
import { planOf } from "../support/drawings.ts";

/** Rows of 10 mm from left to right, 2 mm apart. */
const rows = await planOf(
  ...[0, 1, 2, 3].map(
    (row) =>
      [
        [10, 10 + 2 * row],
        [20, 10 + 2 * row],
      ] as [number, number][],
  ),
);
const IN_FIRST = { move: 2, mm: 8 };

test("short strokes that the board went on through are not drawn again: it is looked for beyond the journal's stroke", async () => {
  expect(await locateOnPlan(rows, IN_FIRST, { x: 15, y: 14 })).toEqual({ move: 10, mm: 5 });
});

test("found on the way between two strokes, the next one is drawn from its start", async () => {
  expect(await locateOnPlan(rows, IN_FIRST, { x: 15, y: 11 })).toEqual({ move: 4, mm: 0 });
});

test("found at the end of a stroke, that stroke is done", async () => {
  expect(await locateOnPlan(rows, IN_FIRST, { x: 20, y: 10 })).toEqual({ move: 4, mm: 0 });
});

test("a journal from a travel that led on into a stroke is followed there", async () => {
  expect(await locateOnPlan(rows, { move: 4, mm: 3 }, { x: 12, y: 12 })).toEqual({ move: 6, mm: 2 });
});

test("where the line comes by twice the first time is believed, and a place beside it changes nothing", async () => {
  const back = await planOf([
    [0, 0],
    [10, 0],
    [0, 0],
  ]);
  expect(await locateOnPlan(back, { move: 2, mm: 1 }, { x: 4, y: 0 })).toEqual({ move: 2, mm: 4 });
  expect(await locateOnPlan(rows, IN_FIRST, { x: 90, y: 90 })).toEqual(IN_FIRST);
});
