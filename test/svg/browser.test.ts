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
  }, 120_000);

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
});

function told(svg: string | Uint8Array): string {
  const text = typeof svg === "string" ? svg : `UTF-16, ${svg.length} bytes`;
  return text.replace(/^<svg xmlns=.*?viewBox="0 0 200 100" >/, "").slice(0, 300);
}
