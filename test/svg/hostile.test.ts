import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlottyError } from "../../src/shared/errors.ts";
import { read, sheet, told } from "./read.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bomb = `<!DOCTYPE svg [<!ENTITY a0 "ha">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join("")}]>`;
const uses = Array.from(
  { length: 30 },
  (_, i) => `<g id="u${i + 1}">${`<use href="#u${i}"/>`.repeat(10)}</g>`,
).join("");

test.each([
  ["an empty file", "", "svg.unreadable", /empty/],
  ["a PNG", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10]), "svg.unreadable", /a PNG image, not an SVG/],
  ["an HTML page", "<html><body/></html>", "svg.unreadable", /an HTML page, not an SVG/],
  ["plain text", bytes("hello"), "svg.unreadable", /not an SVG/],
  [
    "a broken tag",
    "<svg>\n<g>\n<rect></g></svg>",
    "svg.unreadable",
    /line 3: <\/g> stands where <rect> is still open; mend/,
  ],
  ["a cut file", '<svg><rect width="5"', "svg.unreadable", /line 1: the file ends while <svg> is still open/],
  [
    "an unknown entity",
    "<svg>\n<text>&eacute;</text></svg>",
    "svg.unreadable",
    /line 2: nothing defines the entity "&eacute;"/,
  ],
  [
    "an attribute twice",
    '<svg><g a="1" a="2"/></svg>',
    "svg.unreadable",
    /duplicate attribute: a, at <g a="1" a="2"\/>;/,
  ],
  ["an entity bomb", `${bomb}<svg><text>&a20;</text></svg>`, "svg.too-complex", /entity bomb/],
  [
    "an external entity",
    '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><text>&x;</text></svg>',
    "svg.unreadable",
    /external entity/,
  ],
  [
    "an entity within itself",
    '<!DOCTYPE svg [<!ENTITY x "&y;"><!ENTITY y "&x;">]><svg/>',
    "svg.unreadable",
    /contains itself/,
  ],
  ["a use of itself", sheet('<g id="a"><use href="#a"/></g>'), "svg.unreadable", /leads back to #a/],
  [
    "an exploding use",
    sheet(`<defs><path id="u0" d="M0 0H1"/>${uses}</defs><use href="#u30"/>`),
    "svg.too-complex",
    /unfold/,
  ],
  [
    "a style sheet of 200,001 rules",
    sheet(`<style>${"a{}".repeat(200_001)}</style>`),
    "svg.too-complex",
    /more than 200,000 rules/,
  ],
  [
    "a rule with too many selectors",
    sheet(`<style>${"a,".repeat(1e6)}a{fill:red}</style>`),
    "svg.too-complex",
    /a rule of more than 2 million characters/,
  ],
  [
    "a style sheet that says the same 2,000 times of 3,000 paths",
    sheet(`<style>${"path{fill:red}".repeat(2000)}</style>${'<path d="M0 0H1"/>'.repeat(3000)}`),
    "svg.too-complex",
    /too many rules for the same elements/,
  ],
  [
    "a text of 300,001 characters",
    sheet(`<text>${"a".repeat(300_001)}</text>`),
    "svg.too-complex",
    /more than 300,000 characters/,
  ],
  [
    "a comment of 64 million characters",
    bytes(`<svg><!--${" ".repeat(65e6)}--></svg>`),
    "svg.too-complex",
    /one element, comment/,
  ],
  ["a million groups, one in another", `<svg>${"<g>".repeat(1e6)}`, "svg.too-complex", /nested/],
])("%s is refused in one sentence", (_, svg, code, message) => {
  expect(() => read(svg)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test("UTF-16, a byte order mark, gzip and a file without namespace are read", () => {
  const svg = '<svg width="100mm" height="100mm" viewBox="0 0 100 100"><path d="M0 0H9"/></svg>';
  const utf16 = new Uint8Array(Buffer.from(`\ufeff${svg}`, "utf16le"));
  for (const file of [bytes(`\ufeff${svg}`), utf16, new Uint8Array(gzipSync(svg)), svg]) {
    expect(told(read(file))).toEqual(["0,0 9,0"]);
  }
});

test("entities stand for values and for markup", () => {
  const doctype = `<!DOCTYPE svg [<!ENTITY w "7"><!ENTITY line "<path d='M0 0H&w;'/>">]>`;
  expect(told(read(doctype + sheet('&line;<path d="M1 0H&w;"/>')))).toEqual(["0,0 7,0", "1,0 7,0"]);
});

const seed = sheet(
  `<style>.a > path:nth-child(2n+1){stroke:red;transform:rotate(10deg) translate(5%,2px)}</style>
  <g class="a" transform="translate(10 5) rotate(30)"><path d="M10-20.5.5-3A5 5 0 01 30,40C1 2 3 4 5 6Z" style="fill:none"/></g>
  <symbol id="s" viewBox="0 0 10 10"><circle r="50%"/></symbol><use href="#s" width="20" height="20"/>
  <svg x="1em" width="50" height="5" viewBox="0 0 1 1"><polyline points="1 2 3 4"/><text x="5">Hi</text></svg>`,
);

test("a mutated SVG is read or refused by name, at once", () => {
  const pieces = [
    "<",
    ">",
    '"',
    "&",
    "/",
    "<g>",
    "</g>",
    "e9",
    "-",
    "%",
    "999999999999",
    "url(#s)",
    "#s",
    "calc(",
    "0",
    "\0",
    "]]>",
    "<!--",
    "M",
    "{",
    "}",
  ];
  const edit = fc.tuple(fc.nat(seed.length - 1), fc.nat(30), fc.constantFrom(...pieces, ""));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
      let svg = seed;
      for (const [at, cut, piece] of edits) svg = svg.slice(0, at) + piece + svg.slice(at + cut);
      const start = performance.now();
      try {
        for (const { points } of read(svg).strokes) expect(points.every(Number.isFinite)).toBe(true);
      } catch (error) {
        if (!(error instanceof PlottyError)) throw error;
        expect(error.code).toMatch(/^svg\./);
      }
      expect(performance.now() - start).toBeLessThan(5000);
    }),
    { numRuns: 1000 },
  );
});

test("a style sheet with a font of three million characters in it is read", () => {
  const font = `@font-face{font-family:x;src:url("data:font/woff2;base64,${"A".repeat(3e6)}")}`;
  expect(
    told(read(sheet(`<style>${font}.a{display:none}</style><path class="a" d="M0 0H9"/><path d="M1 0H9"/>`))),
  ).toEqual(["1,0 9,0"]);
});
