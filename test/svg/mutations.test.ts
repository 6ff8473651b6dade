import fc from "fast-check";
import { expect, test } from "vitest";
import { PlottyError } from "../../src/shared/errors.ts";
import { CASES, USES } from "./browser-cases.ts";
import { read, sheet } from "./read.ts";

/** How many files are tried; a long run: PLOTTY_MUTATIONS=300000 */
const RUNS = Number(process.env.PLOTTY_MUTATIONS ?? 3000);

const seeds = [
  ...CASES.filter((each): each is string => typeof each === "string"),
  ...USES.map((body) => sheet(body)),
];
const VALUES = (
  "0|-1|1e9|1e38|-1e-38|NaN|none|auto|inherit|50%|1e400|calc(1px + 1px)|var(--x)|url(#s)|#r|#s|rotate(1e9)|scale(0)|matrix(1e30 0 0 1e30 0 0)|" +
  "0 0 1 1|0 0 1e-30 1e-30|M0 0L1e30 1e30|M0 0A1e-20 1e20 0 0 1 1 1|M0 0C1e9 1e9-1e9 1e9 0 0|display:none|font-size:1e9em|transform:scale(1e9)|xMinYMax slice|"
).split("|");
const NAMES =
  "g|path|rect|circle|ellipse|line|polyline|polygon|svg|symbol|use|switch|text|tspan|style|defs|a|image|clipPath|unknown|foreignObject".split(
    "|",
  );
const ATTRIBUTES = (
  "d|x|y|width|height|rx|r|cx|points|transform|style|viewBox|preserveAspectRatio|class|id|href|xlink:href|fill|stroke|display|" +
  "visibility|font-size|transform-origin|systemLanguage|inkscape:groupmode|inkscape:label"
).split("|");

type Edit = readonly [kind: number, at: number, other: number];

/** Changes that leave the file XML: values, names and attributes are exchanged, elements doubled, wrapped and taken out. */
function mutate(svg: string, [kind, at, other]: Edit): string {
  const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
  const replaceNth = (pattern: RegExp, to: (match: string) => string): string => {
    const found = [...svg.matchAll(pattern)];
    if (found.length === 0) return svg;
    const match = pick(found, at);
    return svg.slice(0, match.index) + to(match[0]) + svg.slice(match.index + match[0].length);
  };
  switch (kind) {
    case 0:
      return replaceNth(/="[^"]*"/g, () => `="${pick(VALUES, other)}"`);
    case 1:
      return replaceNth(/\s[a-zA-Z-]+=(?=")/g, () => ` ${pick(ATTRIBUTES, other)}=`);
    case 2:
      return replaceNth(/<[a-z]+ [^<>]*\/>/g, (element) => element.repeat(1 + (other % 50)));
    case 3:
      return replaceNth(/<[a-z]+ [^<>]*\/>/g, (element) => {
        const name = pick(NAMES, other);
        return `<${name} id="s" width="9" transform="scale(${other % 5})">${element}</${name}>`;
      });
    case 4:
      return replaceNth(/<[a-z]+(?= [^<>]*\/>)/g, () => `<${pick(NAMES, other)}`);
    case 5:
      return replaceNth(/-?\d+(?:\.\d+)?/g, () => `${(other - 500) * 10 ** ((other % 60) - 30)}`);
    case 6:
      return replaceNth(/\/>/g, () => ` ${pick(ATTRIBUTES, other)}="${pick(VALUES, at)}"/>`);
    case 7:
      return replaceNth(/<[a-z]+ [^<>]*\/>/g, () => '<use href="#s"/>');
    default:
      return replaceNth(/[MLHVCSQTAZmlhvcsqtaz](?=[\s\d.,-])/g, () =>
        pick([..."MLHVCSQTAZmlhvcsqtaz"], other),
      );
  }
}

test(`${RUNS} files whose parts were exchanged are each read, or refused by name, within 5 s`, () => {
  const edit = fc.tuple(fc.nat(8), fc.nat(10_000), fc.nat(1000));
  fc.assert(
    fc.property(fc.nat(seeds.length - 1), fc.array(edit, { minLength: 1, maxLength: 12 }), (seed, edits) => {
      const svg = edits.reduce(mutate, seeds[seed]!);
      const start = performance.now();
      try {
        for (const { points } of read(svg).strokes) expect(points.every(Number.isFinite)).toBe(true);
      } catch (error) {
        if (!(error instanceof PlottyError)) throw error;
        expect(error.code).toMatch(/^svg\./);
      }
      expect(performance.now() - start).toBeLessThan(5000);
    }),
    { numRuns: RUNS },
  );
}, 3_600_000);
