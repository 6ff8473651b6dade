import { expect, test } from "vitest";
import { read, sheet } from "./read.ts";

const layer = (name: string, body: string, more = ""): string =>
  `<g inkscape:groupmode="layer" inkscape:label="${name}" ${more}>${body}</g>`;
const path = '<path d="M0 0H9"/>';

test("a drawing without layers has one, without a name", () => {
  expect(read(sheet(path)).layers).toEqual([{ index: 0, name: "", pauseBefore: false }]);
});

test("Inkscape layers keep their names and order; % is not drawn, ! pauses, a hidden one is not drawn", () => {
  const body =
    layer("red", path) +
    layer("% notes", path) +
    layer("!blue", path) +
    layer("x", path, 'style="display:none"');
  const drawing = read(sheet(body));
  expect(drawing.layers.map(({ name, pauseBefore }) => [name, pauseBefore])).toEqual([
    ["red", false],
    ["!blue", true],
  ]);
  expect(drawing.strokes.map((stroke) => stroke.layer)).toEqual([0, 1]);
  expect(drawing.notes).toEqual([
    'the layer "% notes" is documentation and is not drawn',
    'the hidden layer "x" is not drawn',
  ]);
});

test("top-level groups are layers when asked", () => {
  const drawing = read(
    sheet(`<g id="a">${path}<g id="inner">${path}</g></g><g id="b">${path}</g>${path}`),
    "groups",
  );
  expect(drawing.layers.map(({ name }) => name)).toEqual(["a", "b", ""]);
  expect(drawing.strokes.map((stroke) => stroke.layer)).toEqual([0, 0, 1, 2]);
});

test("stroke colours are layers when asked, however a colour is written", () => {
  const stroke = (color: string): string => `<path d="M0 0H9" stroke="${color}"/>`;
  const drawing = read(
    sheet(stroke("red") + stroke("blue") + stroke("#F00") + stroke("rgb(255, 0, 0)")),
    "colors",
  );
  expect(drawing.layers.map(({ name }) => name)).toEqual(["red", "blue"]);
  expect(drawing.strokes.map(({ layer: index }) => index)).toEqual([0, 1, 0, 0]);
});
