import { expect, test } from "vitest";
import { drawn, read, sheet, told } from "./read.ts";

const LINE = '<line x1="10" y1="20" x2="20" y2="20"/>';

test("96 px are one inch: a 96 px line on a sheet without view box is 25.4 mm", () => {
  const drawing = read(
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="96"><path d="M0 0h96"/></svg>',
  );
  expect(told(drawing)).toEqual(["0,0 25.4,0"]);
  expect(drawing.page.heightMm).toBeCloseTo(25.4, 9);
});

test("transforms nest: translate(50,50) > rotate(90) > scale(2) puts (1,0) at (50,52)", () => {
  const body =
    '<g transform="translate(50,50)"><g transform="rotate(90)"><path transform="scale(2)" d="M1 0L2 0"/></g></g>';
  expect(drawn(body)).toEqual(["50,52 50,54"]);
});

test("a transform with an error is not applied at all", () => {
  expect(drawn('<g transform="translate(5 5) foo(3)"><path d="M0 0H9"/></g>')).toEqual(["0,0 9,0"]);
});

test("the CSS transform property wins over the attribute, and wants units", () => {
  expect(drawn('<path transform="translate(9)" style="transform:translate(1px,2px)" d="M0 0H9"/>')).toEqual([
    "1,2 10,2",
  ]);
  expect(drawn('<path transform="translate(9)" style="transform:translate(1,2)" d="M0 0H9"/>')).toEqual([
    "9,0 18,0",
  ]);
});

test("transform-box: fill-box turns a group around its own middle", () => {
  const style = "transform:rotate(180deg);transform-box:fill-box;transform-origin:center";
  expect(drawn(`<g style="${style}"><path d="M10 10H30"/><path d="M10 20H30"/></g>`)).toEqual([
    "30,20 10,20",
    "30,10 10,10",
  ]);
});

test.each([
  ['<rect x="10" y="20" width="30" height="5"/>', "10,20 40,20 40,25 10,25 10,20"],
  ['<polyline points="10,10 20 10,20,20 5"/>', "10,10 20,10 20,20"],
  ['<polygon points="10 10 20 10 20 20"/>', "10,10 20,10 20,20 10,10"],
  [LINE, "10,20 20,20"],
  ['<rect x="10%" y="10%" width="5cm" height="50%"/>', "20,10 208.976,10 208.976,60 20,60 20,10"],
  ['<rect width="calc(10px + 5%)" height="2"/>', "0,0 20,0 20,2 0,2 0,0"],
])("%s", (body, expected) => {
  expect(drawn(body)).toEqual([expected]);
});

test("a circle is a closed stroke that begins at three o'clock", () => {
  const points = read(sheet('<circle cx="50" cy="50" r="10"/>')).strokes[0]!.points;
  expect([...points.slice(0, 2)]).toEqual([...points.slice(-2)]);
  expect(points[0]).toBeCloseTo(60, 9);
});

test("shapes without an extent draw nothing", () => {
  expect(
    drawn('<rect width="0" height="5"/><circle r="0"/><ellipse rx="-1" ry="0"/><polygon points="5"/>'),
  ).toEqual([]);
});

test("a filled and stroked shape is drawn once, one with neither not at all", () => {
  expect(drawn('<path d="M0 0H9" fill="red" stroke="red"/><path d="M0 5H9" fill="none"/>')).toEqual([
    "0,0 9,0",
  ]);
});

test("display and visibility: a visible child of a hidden group is drawn, one of an undisplayed group is not", () => {
  const body = '<g visibility="hidden"><path d="M0 0H1"/><path visibility="visible" d="M0 0H2"/></g>';
  expect(drawn(`${body}<g display="none"><path display="inline" d="M0 0H3"/></g>`)).toEqual(["0,0 2,0"]);
});

test("what lies in defs, clipPath, mask, marker, pattern or symbol is not drawn itself", () => {
  for (const name of ["defs", "clipPath", "mask", "marker", "pattern", "symbol", "unknown"]) {
    expect(drawn(`<${name}>${LINE}</${name}>`)).toEqual([]);
  }
});

test("use draws by href and xlink:href, moved by its x and y, with the style around the use", () => {
  const defs = '<defs><path id="p" d="M0 0H5"/></defs>';
  expect(drawn(`${defs}<use href="#p" x="10" y="20"/><use xlink:href="#p" y="1"/>`)).toEqual([
    "10,20 15,20",
    "0,1 5,1",
  ]);
  expect(drawn(`${defs}<g fill="none"><use href="#p"/></g>`)).toEqual([]);
});

test("a symbol fills the size its use gives it", () => {
  const symbol = '<symbol id="s" viewBox="0 0 10 10"><path d="M0 0L10 10"/></symbol>';
  expect(drawn(`${symbol}<use href="#s" x="5" width="20" height="40"/>`)).toEqual(["5,10 25,30"]);
});

test("a nested svg maps its view box, and slice fills where meet would leave room", () => {
  const inner = (ratio: string): string =>
    `<svg x="10" width="40" height="20" viewBox="0 0 10 10" preserveAspectRatio="${ratio}"><path d="M0 0L10 10"/></svg>`;
  expect(drawn(inner("xMidYMid meet"))).toEqual(["20,0 40,20"]);
  expect(drawn(inner("xMinYMin slice"))).toEqual(["10,0 50,40"]);
  expect(drawn(inner("none"))).toEqual(["10,0 50,20"]);
});

test("switch draws the first child whose conditions hold", () => {
  const body =
    '<switch><g systemLanguage="de"><path d="M0 0H1"/></g><g systemLanguage="fr, en"><path d="M0 0H2"/></g><path d="M0 0H3"/></switch>';
  expect(drawn(body)).toEqual(["0,0 2,0"]);
});

test("a size that is missing or in per cent comes from the view box, 1 unit being 1 px", () => {
  const drawing = read(
    '<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 96 192"><path d="M0 0H96"/></svg>',
  );
  expect([drawing.page.widthMm, drawing.page.heightMm].map((mm) => Math.round(mm * 10) / 10)).toEqual([
    25.4, 50.8,
  ]);
});

test("units of the screen are of the page, in its own size: a fifth of 960 px is 192 px, 50.8 mm", () => {
  const svg = (width: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="480"><line x2="${width}"/></svg>`;
  for (const width of ["20vw", "20vi", "40vh", "40svb", "20lvw", "40dvmin", "20svmax"])
    expect(told(read(svg(width))), width).toEqual(["0,0 50.8,0"]);
  expect(told(read(svg("12ic")))).toEqual(["0,0 50.8,0"]);
});

test("images and foreign objects are left out with a note", () => {
  expect(read(sheet("<image/><image/><foreignObject/>")).notes).toEqual([
    "2 images left out",
    "1 foreign object left out",
  ]);
});
