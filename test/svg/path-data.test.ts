import { expect, test } from "vitest";
import { drawn, read, sheet } from "./read.ts";

const path = (d: string): string[] => drawn(`<path d="${d}"/>`);

test.each([
  ["M10-20.5.5-3", "10,-20.5 0.5,-3"],
  ["M1e1 2e0 30 40", "10,2 30,40"],
  ["m10 10 5 5 5-5", "10,10 15,15 20,10"],
  ["M0 0h10v5H0", "0,0 10,0 10,5 0,5"],
  ["M0 0L10 0 10 10z", "0,0 10,0 10,10 0,0"],
  ["M10 10A0 5 0 0 1 30 10", "10,10 30,10"],
])("%s draws %s", (d, expected) => {
  expect(path(d)).toEqual([expected]);
});

test("arc flags need nothing around them", () => {
  expect(path("M20,20a5 5 0 0110,0")).toEqual(path("M 20 20 a 5 5 0 0 1 10 0"));
});

test("an arc whose radius is too small is drawn with one that reaches: A 5 5 across 20 mm is a half circle of 31.4 mm", () => {
  const points = read(sheet('<path d="M10 50A5 5 0 0 1 30 50"/>')).strokes[0]!.points;
  let length = 0;
  for (let i = 2; i < points.length; i += 2) {
    length += Math.hypot(points[i]! - points[i - 2]!, points[i + 1]! - points[i - 1]!);
  }
  expect(length).toBeCloseTo(Math.PI * 10, 1);
});

test("after a z the next subpath begins where the closed one began", () => {
  expect(path("M10 10h5v5zl-3 0")).toEqual(["10,10 15,10 15,15 10,10", "10,10 7,10"]);
});

test.each([
  ["M10 10L20 20L30", "10,10 20,20"],
  ["M10 10L20 20X30 30", "10,10 20,20"],
  ["M10 10L20 20L30 30,,40 40", "10,10 20,20 30,30"],
  ["M10 10L20 20 1e999 5", "10,10 20,20"],
])("%s is drawn up to its error, with a note", (d, expected) => {
  const drawing = read(sheet(`<path id="p" d="${d}"/>`));
  expect(path(d)).toEqual([expected]);
  expect(drawing.notes[0]).toMatch(
    /^path #p has an error in its path data at character \d+ and is drawn up to it$/,
  );
});

test("path data that does not begin with a move draws nothing", () => {
  expect(path("L10 10M20 20L30 30")).toEqual([]);
});

test("a zero-length subpath is a dot where round caps would show one, and nothing otherwise", () => {
  expect(drawn('<path d="M10 10z" stroke="red" stroke-linecap="round"/>')).toEqual(["10,10"]);
  expect(drawn('<path d="M10 10z" stroke="red"/>')).toEqual([]);
  expect(drawn('<path d="M10 10" stroke="red" stroke-linecap="round"/>')).toEqual([]);
});
