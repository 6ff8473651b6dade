import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundsOf } from "../../src/shared/geometry.ts";
import { farthest, inked, type Shown, shownBy } from "./browser.ts";
import { CASES, USES } from "./browser-cases.ts";
import { read, sheet } from "./read.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const WITHIN_MM = 0.05;
/** Files shown at a time. */
const BATCH = 40;

const isThere = existsSync(CHROMIUM) && (await import("playwright-core").then(() => true).catch(() => false));

/** Skipped where there is no Chromium (set CHROMIUM) or no playwright-core. */
describe.skipIf(!isThere)("in Chromium", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { chromium } = await import("playwright-core");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    page = await browser.newPage({ viewport: { width: 1000, height: 600 }, locale: "en-US" });
    await page.route("**/*", (route) =>
      route.fulfill({ contentType: "text/html", body: "<!DOCTYPE html><body>" }),
    );
    await page.goto("http://plotty.test/");
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  async function shown(files: readonly (string | Uint8Array)[]): Promise<Shown[]> {
    const all: Shown[] = [];
    for (let i = 0; i < files.length; i += BATCH)
      all.push(...(await shownBy(page, files.slice(i, i + BATCH))));
    return all;
  }

  test(`plotty draws ${CASES.length} small files within 0.05 mm of what the browser shows`, async () => {
    const different: string[] = [];
    const theirs = await shown(CASES);
    for (const [i, svg] of CASES.entries()) {
      const { runs } = theirs[i]!;
      const strokes = inked(read(svg));
      const missing = farthest(runs, strokes);
      const extra = farthest(strokes, runs);
      if (missing <= WITHIN_MM && extra <= WITHIN_MM) continue;
      different.push(`missing ${missing.toFixed(3)}, extra ${extra.toFixed(3)} mm: ${told(svg)}`);
    }
    expect(different).toEqual([]);
  }, 240_000);

  test(`plotty draws ${USES.length} uses as large and where the browser shows them`, async () => {
    const different: string[] = [];
    const files = USES.map((body) => sheet(body));
    const all = await shown(files);
    for (const [i, svg] of files.entries()) {
      const { useBoxes } = all[i]!;
      const { minX, minY, maxX, maxY } = boundsOf(inked(read(svg)));
      const theirs = boundsOf(useBoxes.map((box) => Float64Array.from(box)));
      const pairs = [
        [minX, theirs.minX],
        [minY, theirs.minY],
        [maxX, theirs.maxX],
        [maxY, theirs.maxY],
      ] as const;
      if (pairs.every(([mine, their]) => mine === their || Math.abs(mine - their) <= WITHIN_MM)) continue;
      different.push(
        `${pairs.map(([a, b]) => `${a.toFixed(2)} / ${b.toFixed(2)}`).join(", ")}: ${told(svg)}`,
      );
    }
    expect(different).toEqual([]);
  }, 60_000);

  test("characters are turned as the browser turns them, and stretched texts stand where it puts them", async () => {
    const lines = [
      'rotate="10 20">ll<tspan rotate="50 60">lll</tspan>ll',
      'rotate="10 20 30 40 50 60">ll<tspan rotate="90">ll</tspan>ll',
      'rotate="10,x,30">lll',
      'rotate="-30">ll',
      'textLength="100" lengthAdjust="spacingAndGlyphs">llll',
      'textLength="40%" lengthAdjust="spacingAndGlyphs" text-anchor="middle">llll',
      '><tspan textLength="90" lengthAdjust="spacingAndGlyphs">lll</tspan>',
      '><textPath path="M0 0L150 90">lll</textPath>ll',
      'rotate="20"><textPath path="M0 90L150 0" startOffset="10%">l<tspan dy="3">ll</tspan></textPath>',
    ].map((text) => `<text x="60" y="50" font-family="monospace" font-size="10" ${text}</text>`);
    for (const line of lines) {
      await page.setContent(sheet(line));
      const theirs = (await page.evaluate(CHARACTERS)) as { x: number; deg: number }[];
      const mine = inked(read(sheet(line)));
      expect(mine).toHaveLength(theirs.length);
      for (const [i, { x, deg }] of theirs.entries()) {
        const [x1, y1, x2, y2] = mine[i]!;
        expect(Math.abs((Math.atan2(x1! - x2!, y2! - y1!) * 180) / Math.PI - deg), line).toBeLessThan(0.01);
        // An l is one upright stroke: between two of them is what is between their starts; the browser's widths are rounded.
        if (deg === 0 && line.includes("Length")) {
          expect(Math.abs(x1! - mine[0]![0]! - (x - theirs[0]!.x)), line).toBeLessThan(0.2);
        }
      }
    }
  }, 60_000);
});

/** Runs inside the page: where each character of the text starts, in user units (mm here), and how it is turned. */
const CHARACTERS = `(() => {
  const text = document.querySelector("text");
  return Array.from({ length: text.getNumberOfChars() }, (_, i) => ({
    x: text.getStartPositionOfChar(i).x,
    deg: text.getRotationOfChar(i),
  }));
})()`;

function told(svg: string | Uint8Array): string {
  const text = typeof svg === "string" ? svg : `UTF-16, ${svg.length} bytes`;
  return text.replace(/^<svg xmlns=.*?viewBox="0 0 200 100" >/, "").slice(0, 300);
}
