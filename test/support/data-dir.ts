import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty directory that is removed when the test ends. */
export function dataDir(): string {
  const path = mkdtempSync(join(tmpdir(), "plotty-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
