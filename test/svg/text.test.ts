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

test("rotate turns each character about its place, the last number all that follow; a tspan's own numbers come first", () => {
  // The A's legs from 3.78, -6.62 to 1.26, 0, turned by 90° to the right.
  expect(drawn('<text x="50" y="40" font-size="10" rotate="90">A</text>')[0]).toBe("56.62,43.78 50,41.26");
  const turned = (rotate: string) => drawn(`<text x="50" y="40" font-size="10" ${rotate}`);
  expect(turned('rotate="10 90">AAA</text>')).toEqual(turned('rotate="10,90,90">AAA</text>'));
  expect(turned('rotate="10 20 30">A<tspan rotate="90">A</tspan>A</text>')).toEqual(
    turned('rotate="10 90 30">AAA</text>'),
  );
  expect(turned('rotate="10 x">AA</text>')).toEqual(turned(">AA</text>"));
});

test("textLength spreads characters: of two A of 10 mm in 100 mm the second begins 94.33 mm further", () => {
  expect(extent('<text x="10" font-size="10" textLength="100">AA</text>')).toEqual([11.26, 110.63]);
  expect(extent('<text x="110" font-size="10" textLength="100" text-anchor="end">AA </text>')).toEqual([
    11.26, 110.63,
  ]);
  expect(extent('<text x="10" font-size="10" textLength="0">AA</text>')).toEqual([11.26, 21.97]);
});

test("spacingAndGlyphs stretches them: two A in 113.4 mm are ten times as wide, and what follows goes on there", () => {
  const stretched = 'font-size="10" textLength="113.4" lengthAdjust="spacingAndGlyphs"';
  expect(extent(`<text x="10" ${stretched}>AA</text>`)).toEqual([22.6, 129.7]);
  expect(extent(`<text x="10" font-size="10"><tspan ${stretched}>AA</tspan>A</text>`)).toEqual([22.6, 129.7]);
  expect(
    extent(`<text font-size="10"><tspan ${stretched}>  </tspan>A<tspan x="150">A</tspan></text>`),
  ).toEqual([1.26, 156.3]);
});

test("20,000 tspans with a length of their own are laid out as fast as others", () => {
  const spans = '<tspan textLength="9">A </tspan>'.repeat(20_000);
  expect(read(sheet(`<text font-size="10" textLength="100">${spans}</text>`)).strokes.length).toBe(60_000);
});
