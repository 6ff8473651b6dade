import { expect, test } from "vitest";
import { boundsOf } from "../../src/shared/geometry.ts";
import { drawn, read, sheet } from "./read.ts";

/** Left and right end of the ink, mm. */
function extent(body: string): [number, number] {
  const { minX, maxX } = boundsOf(read(sheet(body)).strokes.map(({ points }) => points));
  return [minX, maxX].map((mm) => Math.round(mm * 1000) / 1000) as [number, number];
}

test("an A of 10 mm is three strokes: two legs of 6.62 mm height and a bar", () => {
  expect(drawn('<text x="50" y="40" font-size="10">A</text>')).toEqual([
    "53.78,33.38 51.26,40",
    "53.78,33.38 56.3,40",
    "52.2,37.8 55.36,37.8",
  ]);
});

test("text comes with a note, and so do characters that the font does not have", () => {
  expect(read(sheet("<text>A中</text>")).notes).toEqual([
    "text is drawn in a single-stroke font (Hershey)",
    "1 character that the font does not have left out",
  ]);
});

test("text along a path is left out, with a note", () => {
  const { strokes, notes } = read(
    sheet('<path id="p" fill="none" d="M0 0H9"/><text><textPath href="#p">A</textPath></text>'),
  );
  expect(strokes).toHaveLength(0);
  expect(notes).toContain("1 text along a path left out");
});

test("text-anchor moves the line by half or all of its advance: an A of 10 mm advances 5.67 mm", () => {
  const text = (anchor: string): string => `<text x="50" font-size="10" text-anchor="${anchor}">A</text>`;
  expect(extent(text("start"))).toEqual([51.26, 56.3]);
  expect(extent(text("middle"))).toEqual([48.425, 53.465]);
  expect(extent(text("end"))).toEqual([45.59, 50.63]);
});

test("tspans go on where the text stopped, unless they say where they stand; lists place single characters", () => {
  const plain = drawn('<text x="10" y="20" font-size="10">AAA</text>');
  expect(drawn('<text x="10" y="20" font-size="10">A<tspan>A</tspan>A</text>')).toEqual(plain);
  expect(drawn('<text y="20" font-size="10" x="10 15.67 21.34">AAA</text>')).toEqual(plain);
  expect(extent('<text font-size="10">A<tspan x="100">A</tspan></text>')).toEqual([1.26, 106.3]);
});

test("white space collapses, and hidden or unpainted spans leave no ink", () => {
  expect(drawn('<text font-size="10">  A \n  A </text>')).toEqual(drawn('<text font-size="10">A A</text>'));
  expect(
    drawn('<text font-size="10"><tspan visibility="hidden">A</tspan><tspan fill="none">A</tspan></text>'),
  ).toEqual([]);
});
