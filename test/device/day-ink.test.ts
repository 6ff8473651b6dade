import { expect, test } from "vitest";
import { DayInk } from "../../src/daemon/device/day-ink.ts";

const NOON = new Date(2026, 10, 22, 12).getTime();
const DAY_MS = 86_400_000;

test("a day's ink adds up, and begins anew at local midnight", () => {
  let nowMs = NOON;
  const ink = new DayInk(() => nowMs);
  ink.add(1200);
  ink.add(300);
  expect(ink.mm).toBe(1500);
  nowMs = new Date(2026, 10, 23, 0, 0, 1).getTime();
  expect(ink.mm).toBe(0);
  ink.add(10);
  expect(ink.mm).toBe(10);
});

test("whole metres outlive the daemon on the same day, and not the night", () => {
  const before = new DayInk(() => NOON);
  before.add(2999);
  for (const [nowMs, mm] of [
    [NOON + 3_600_000, 2000],
    [NOON + DAY_MS, 0],
  ] as const) {
    const after = new DayInk(() => nowMs);
    after.recall(before.kept);
    expect(after.mm).toBe(mm);
  }
});
