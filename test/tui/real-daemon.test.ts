import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plotty, type RunningDaemon, startDaemon } from "../support/daemon.ts";
import { openScreen } from "../support/pty-screen.ts";
import { PLOTTY } from "../support/run-plotty.ts";

/** A line of 150 mm, some seconds of drawing at the real speed. */
const LINE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="200mm" height="50mm" viewBox="0 0 200 50"><path stroke="#000" fill="none" d="M10 10H160V40H10"/></svg>';

function lineIn(daemon: RunningDaemon): string {
  const file = join(daemon.directory, "line.svg");
  writeFileSync(file, LINE);
  return file;
}

async function states(url: string): Promise<Record<string, string>> {
  const { stdout } = await plotty(["list", "--format", "json", "--url", url]);
  return Object.fromEntries(
    JSON.parse(stdout).map((job: { id: string; state: string }) => [job.id, job.state]),
  );
}

test("move, cancel, retry and remove do at the daemon what they say", async () => {
  const daemon = await startDaemon({ flags: ["--simulate"] });
  const { url } = daemon;
  const file = lineIn(daemon);
  for (const name of ["a", "b", "c"]) await plotty(["add", file, "--name", name, "--hold", "--url", url]);
  await expect
    .poll(() => states(url), { timeout: 20_000 })
    .toEqual({ a: "QUEUED", b: "QUEUED", c: "QUEUED" });
  const waiting = async () => {
    const { stdout } = await plotty(["info", "queue", "--format", "json", "--url", url]);
    return [...stdout.matchAll(/"id":"(\w)"/g)].map(([, id]) => id);
  };
  expect(await waiting()).toEqual(["a", "b", "c"]);
  expect((await plotty(["move", "a", "--to", "9", "--url", url])).stdout).toBe(
    "a is now number 3 in the queue\n",
  );
  expect(await waiting()).toEqual(["b", "c", "a"]);
  expect((await plotty(["cancel", "b", "--url", url])).stdout).toBe("b CANCELLED\n");
  expect((await plotty(["retry", "b", "--url", url])).code).toBe(0);
  await expect.poll(async () => (await states(url)).b, { timeout: 20_000 }).toMatch(/QUEUED|RUNNING/);
  await plotty(["cancel", "b", "--url", url]);
  await expect.poll(async () => (await states(url)).b, { timeout: 20_000 }).toBe("CANCELLED");
  expect((await plotty(["remove", "b", "--url", url])).stdout).toBe("b removed\n");
  expect(await states(url)).toEqual({ a: "QUEUED", c: "QUEUED" });
  expect((await plotty(["retry", "a", "--url", url])).code).toBe(1);
  await plotty(["cancel", "c", "--url", url]);
  expect(await plotty(["move", "c", "--to", "1", "--url", url])).toMatchObject({
    code: 1,
    stderr: "plotty: c is CANCELLED: only a waiting job has a place in the queue\n",
  });
}, 90_000);

test("the monitor shows a real drawing being inked, line by line", async () => {
  const daemon = await startDaemon({ flags: ["--simulate", "--speed", "2"] });
  await plotty(["add", lineIn(daemon), "--name", "line", "--url", daemon.url]);
  const screen = openScreen([
    process.execPath,
    PLOTTY,
    "monitor",
    "--until",
    "done",
    "--job-id",
    "line",
    "--url",
    daemon.url,
  ]);
  const inked = () => {
    const { active } = screen.terminal.buffer;
    let cells = 0;
    for (let y = 0; y < 24; y++)
      for (let x = 0; x < 80; x++) {
        const cell = active.getLine(y)?.getCell(x);
        if (cell && /[\u2801-\u28ff]/.test(cell.getChars()) && cell.getFgColor() === 2) cells += 1;
      }
    return cells;
  };
  await screen.until(() => inked() > 3, 20_000);
  const early = inked();
  await screen.until(() => inked() > early + 10, 20_000);
  await screen.until(/line.*COMPLETED.*100%/, 20_000);
  expect((await screen.exited).exitCode).toBe(0);
}, 60_000);
