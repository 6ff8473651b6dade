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

const LEVEL = '<path id="p" fill="none" d="M50 40H150"/>';
const along = (attributes: string, text = "A", path = LEVEL): string[] =>
  drawn(`${path}<text font-size="10"><textPath href="#p" ${attributes}>${text}</textPath></text>`);

test("text along a level path is plain text at its start, along a path downwards it is turned by 90°", () => {
  expect(along("")).toEqual(drawn('<text x="50" y="40" font-size="10">A</text>'));
  const down = '<path id="p" fill="none" d="M50 40V140"/>';
  // Each letter stands at its own middle: on a straight path they follow each other by their advance of 5.67 mm.
  expect(along("", "AA", down)).toEqual(
    drawn('<text x="50" y="40 45.67" font-size="10" rotate="90">A<tspan x="50">A</tspan></text>'),
  );
});

test("startOffset is a length, per cent of the path or a share of its pathLength", () => {
  const at = (x: number) => drawn(`<text x="${x}" y="40" font-size="10">A</text>`);
  expect(along('startOffset="20"')).toEqual(at(70));
  expect(along('startOffset="30%"')).toEqual(at(80));
  expect(along('startOffset="4"', "A", LEVEL.replace("/>", ' pathLength="10"/>'))).toEqual(at(90));
  expect(along('startOffset="50%" text-anchor="end"')).toEqual(at(100 - 5.67));
  expect(along("", "A", LEVEL.replace("/>", ' transform="translate(7)"/>'))).toEqual(at(57));
});

test("what runs over an end of its path is left out, and what follows goes on at the end", () => {
  const short = '<path id="p" fill="none" d="M50 40H60"/>';
  // The middles of three letters are at 2.835, 8.505 and 14.175 mm; the path ends at 10.
  expect(along("", "AAA", short)).toHaveLength(2 * 3);
  expect(along('startOffset="-3"', "AA", short)).toHaveLength(3);
  expect(drawn(`${short}<text font-size="10"><textPath href="#p"> </textPath>A</text>`)).toEqual(
    drawn('<text x="60" y="40" font-size="10">A</text>'),
  );
});

test("subpaths are one path: a letter whose middle is 13 mm along two of 10 mm stands on the second", () => {
  const two = '<path id="p" fill="none" d="M50 40H60M50 80H60"/>';
  expect(along(`startOffset="${13 - 2.835}"`, "A", two)).toEqual(
    drawn(`<text x="${53 - 2.835}" y="80" font-size="10">A</text>`),
  );
});

test("dy lifts letters off their path; x counts along it and y says nothing", () => {
  expect(along("", '<tspan dy="3">A</tspan>')).toEqual(drawn('<text x="50" y="43" font-size="10">A</text>'));
  expect(along("", '<tspan x="30" y="9">A</tspan>')).toEqual(
    drawn('<text x="80" y="40" font-size="10">A</text>'),
  );
});

test("a textPath may have its path itself; one of a path that is not there is left out, with a note", () => {
  expect(drawn('<text font-size="10"><textPath path="M50 40H99">A</textPath></text>')).toEqual(along(""));
  const { strokes, notes } = read(sheet('<text><textPath href="#none">A</textPath></text>'));
  expect(strokes).toHaveLength(0);
  expect(notes).toContain("1 text along no path of this file left out");
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

test("dominant-baseline says which line of the letters stands at y: of 10 mm the middle is 2.205 mm above their foot", () => {
  const at = (y: number) => drawn(`<text y="${y}" font-size="10">A</text>`);
  const by = (baseline: string) => drawn(`<g ${baseline}><text y="40" font-size="10">A</text></g>`);
  expect(by('dominant-baseline="middle"')).toEqual(at(42.205));
  expect(by('style="dominant-baseline:central"')).toEqual(at(42.84));
  expect(by('dominant-baseline="hanging"')).toEqual(at(46.304));
  expect(by('dominant-baseline="text-after-edge"')).toEqual(at(37.8));
  expect(by('dominant-baseline="alphabetic"')).toEqual(at(40));
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
