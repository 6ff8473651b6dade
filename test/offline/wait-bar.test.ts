import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScreen } from "../support/pty-screen.ts";

const OFFLINE = fileURLToPath(new URL("../../src/daemon/offline/", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "plotty-wait-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Plans a drawing of so many bytes: its thread is held up for as many ms, as the planner would. */
const SCRIPT = `
  import { whileWaiting } from "./wait-bar.ts";
  const [bytes, ms] = process.argv.slice(2).map(Number);
  const work = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  process.stdout.write(whileWaiting("planning rose.svg", bytes, work) + "\\n");`;

beforeAll(async () => {
  await build({
    stdin: { contents: SCRIPT, resolveDir: OFFLINE, sourcefile: "plan.ts", loader: "ts" },
    outfile: join(directory, "plan.mjs"),
    ...{ bundle: true, format: "esm", platform: "node" },
  });
  await build({
    entryPoints: [join(OFFLINE, "wait-bar-thread.ts")],
    outfile: join(directory, "wait-bar-thread.js"),
    ...{ bundle: true, format: "esm", platform: "node", packages: "external" },
  });
});

function plan(bytes: number, ms: number, env = {}) {
  const words = [process.execPath, join(directory, "plan.mjs"), String(bytes), String(ms)] as const;
  return openScreen([...words], { columns: 60, env });
}

test("planning that takes over a second shows that it goes on, and leaves no trace of it", async () => {
  const screen = plan(1_000_000, 2500);
  await screen.until(/^\[ *==== *\] planning rose\.svg {2}1 s$/m);
  await screen.until(/^timed-out$/m);
  expect((await screen.exited).exitCode).toBe(0);
  expect(screen.text().trim()).toBe("timed-out");
});

test("what takes less than a second, small drawings and dumb terminals have no bar", async () => {
  for (const screen of [plan(1_000_000, 500), plan(1000, 1500), plan(1_000_000, 1500, { TERM: "dumb" })]) {
    expect((await screen.exited).exitCode).toBe(0);
    expect(screen.raw()).toBe("timed-out\r\n");
  }
});
