import { expect, test } from "vitest";
import { drawn } from "./read.ts";

/** Which of the paths is drawn: path N goes from 0 to N. */
function visible(css: string, body: string): number[] {
  return drawn(`<style>${css}</style>${body}`).map((stroke) => Number(stroke.split(" ")[1]!.split(",")[0]));
}

const one = (length: number, attributes = ""): string => `<path d="M0 0H${length}" ${attributes}/>`;

test.each([
  ["path{display:none}", []],
  [".a{display:none}", [2]],
  ["#b{display:none}", [1]],
  ["g > path{display:none}", []],
  ["svg > path{display:none}", [1, 2]],
  ["svg path + path{display:none}", [1]],
  ["path ~ path{display:none}", [1]],
  ["[data-x]{display:none}", [1]],
  ['[data-x^="he"]{display:none}', [1]],
  ["path:first-child{display:none}", [2]],
  ["path:nth-child(2n){display:none}", [1]],
  ["path:not(.a){display:none}", [1]],
  [":is(#b, .a){display:none}", []],
  ["path:hover{display:none}", [1, 2]],
  ["g{ .a{display:none} }", [2]],
  ["@media print{path{display:none}}", [1, 2]],
  ["@media screen{path{display:none}}", []],
  ["/* .a{display:none} */ .b\\:c{display:none}", [1, 2]],
  ["path{display:none", []],
])("%s leaves %j", (css, expected) => {
  expect(visible(css, `<g>${one(1, 'class="a"')}${one(2, 'id="b" data-x="hello"')}</g>`)).toEqual(expected);
});

test("an id outweighs classes, a later rule an equal one, style outweighs rules and !important style", () => {
  expect(visible("#b{display:inline} .a.a{display:none}", one(1, 'id="b" class="a"'))).toEqual([1]);
  expect(visible(".a{display:none} .b{display:inline}", one(1, 'class="b a"'))).toEqual([1]);
  expect(visible(".a{display:none}", one(1, 'class="a" style="display:inline"'))).toEqual([1]);
  expect(visible(".a{display:none!important}", one(1, 'class="a" style="display:inline"'))).toEqual([]);
});

test("rules outweigh presentation attributes", () => {
  expect(visible("path{fill:none}", one(1, 'fill="red"'))).toEqual([]);
});

test("a value that is none does not count: fill=bogus inherits, stroke:bogus leaves the one before", () => {
  expect(visible("", `<g fill="none">${one(1, 'fill="bogus"')}</g>`)).toEqual([]);
  expect(visible("path{fill:none;stroke:red;stroke:bogus}", one(1))).toEqual([1]);
});

test("currentColor and var() are paints, and a var() without value is not", () => {
  expect(visible("path{fill:none;stroke:currentColor}", one(1))).toEqual([1]);
  expect(visible("svg{--p:none} path{fill:var(--p)}", one(1))).toEqual([]);
  expect(visible("path{fill:none;stroke:var(--q, red)}", one(1))).toEqual([1]);
});

test("CSS sets geometry: d, cx and r", () => {
  expect(drawn("<style>path{d:path('M5 5H9')}</style><path d='M0 0H1'/>")).toEqual(["5,5 9,5"]);
});
