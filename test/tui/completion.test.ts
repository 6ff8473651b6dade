import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test } from "vitest";
import { complete, completionLines } from "../../src/shared/complete.ts";
import { cleanEnv, PLOTTY, runPlotty } from "../support/run-plotty.ts";
import { jobView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

let daemon: WireServer;
let directory: string;

beforeEach(async () => {
  daemon = await new WireServer().start();
  daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING" }));
  daemon.jobs.set("waves", jobView("waves"));
  directory = await mkdtemp(join(tmpdir(), "plotty-completion-"));
});

afterEach(async () => {
  await daemon.stop();
  await rm(directory, { recursive: true, force: true });
});

async function offered(...words: string[]): Promise<string[]> {
  const { stdout } = await runPlotty(["__complete", ...words], { env: { PLOTTY_URL: daemon.url } });
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0]!);
}

test("commands, their options and the values that an option takes", () => {
  const program = new Command("plotty");
  program.command("list").description("all jobs").option("--format <format>", "text, json or table");
  const texts = (...words: string[]) => complete(program, words).candidates.map(({ text }) => text);
  expect(texts("l")).toEqual(["list"]);
  expect(texts("list", "--f")).toEqual(["--format"]);
  expect(texts("list", "--format", "")).toEqual(["text", "json", "table"]);
  expect(texts("list", "--format", "json", "")).toEqual([]);
  expect(completionLines([{ text: "list", tells: "all\njobs" }], true)).toBe("list\tall jobs\n:files\n");
});

test("job ids come from the daemon, and only those that the command would do something to", async () => {
  expect(await offered("info", "job", "")).toEqual(["waves", "spiral"]); // the newest first
  expect(await offered("pause", "")).toEqual(["spiral"]);
  expect(await offered("move", "w")).toEqual(["waves"]);
  expect(await offered("cancel", "spiral", "")).toEqual(["waves"]);
  expect(await offered("monitor", "--job-id", "s")).toEqual(["spiral"]);
});

test("what wants an alert, a key or a webhook is offered no jobs", async () => {
  const alert = {
    type: "system_alert",
    level: "warning",
    message: "hot",
    details: {},
    source: "host",
  } as const;
  daemon.publish({ ...alert, id: "a1", timestamp: "2026-11-22T10:00:00.000Z" });
  expect(await offered("alerts", "ack", "")).toEqual(["a1"]);
  expect(await offered("apikey", "revoke", "")).toEqual([]);
  expect(await offered("hooks", "retry", "")).toEqual([]);
});

test("machines come from the daemon too, files from the shell, words of the other side from there", async () => {
  expect(await offered("ready", "")).toEqual(["virtual_001"]);
  expect(await offered("device", "pen", "")).toEqual(["up", "down"]);
  expect(await offered("add", "x")).toEqual([":files"]);
  expect(await offered("preview", "--by")).toEqual(["--by-order"]);
});

test("without a daemon there are no ids, and no error on the person's prompt", async () => {
  const { code, stdout, stderr } = await runPlotty(["__complete", "pause", ""], {
    env: { PLOTTY_URL: "ws://localhost:9/ws" },
  });
  expect([code, stdout, stderr]).toEqual([0, "", ""]);
});

test("bash with its script completes a job's id, a file's name and an option's value behind = on Tab", async () => {
  const bin = join(directory, "bin");
  await mkdir(bin);
  await symlink(PLOTTY, join(bin, "plotty"));
  await writeFile(join(directory, "a drawing.svg"), "");
  const press = `
    source <(plotty completion bash)
    for line in "plotty pause sp" "plotty add a" "plotty add --fit = p" "plotty add --fit ="; do
      COMP_WORDS=($line); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _plotty
      printf '%s\\n' "\${COMPREPLY[@]}"
    done`;
  const { stdout } = await promisify(execFile)("bash", ["-c", press], {
    cwd: directory,
    env: cleanEnv({ PATH: `${bin}:${process.env.PATH}`, PLOTTY_URL: daemon.url }),
  });
  expect(stdout).toBe("spiral\na drawing.svg\npage\nnone\npage\n");
});

test("there is a script for each of three shells, and a sentence for any other", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await runPlotty(["completion", shell]);
    expect([code, stdout.includes("plotty __complete")]).toEqual([0, true]);
  }
  expect(await runPlotty(["completion", "tcsh"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("bash, zsh and fish"),
  });
});
