import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { onTestFinished } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A real browser, closed with the test, or why there is none.
 * @param ports where a page that asks for a port of localhost really gets, so that samples run as they stand beside anything
 */
export async function openBrowser(
  ports: Readonly<Record<number, number>> = {},
): Promise<{ browser: Browser } | { missing: string }> {
  if (!existsSync(CHROMIUM)) return { missing: `there is no ${CHROMIUM} here` };
  const rules = Object.entries(ports).map(([from, to]) => `MAP localhost:${from} 127.0.0.1:${to}`);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, `--host-resolver-rules=${rules.join(",")}`],
  });
  onTestFinished(() => browser.close());
  return { browser };
}
