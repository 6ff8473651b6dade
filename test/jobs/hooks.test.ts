import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type HookValues, hookEnvironment, quoteCommand } from "../../src/daemon/jobs/hook-values.ts";
import { runHook } from "../../src/daemon/jobs/run-hook.ts";
import { ask, listen, plotty, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

const VALUES: HookValues = {
  job_id: "rose",
  name: "rose.svg",
  from_state: "RUNNING",
  to_state: "COMPLETED",
  reason: "Drawn to the end",
  pen: "black",
  paper: "a4",
  device_id: "axidraw_001",
};
const never = new AbortController().signal;

function shell(command: string, values: HookValues): string {
  const env = { PATH: process.env.PATH, ...hookEnvironment(values) };
  return execFileSync("/bin/sh", ["-c", quoteCommand(command)], { env, encoding: "utf8" });
}

test("values stand in a command as one word each, in whatever quotes the braces stand", () => {
  const values = { ...VALUES, name: "two  words" };
  expect(shell("printf '[%s]' {name} x", values)).toBe("[two  words][x]");
  expect(shell(`printf '[%s]' "a {name} b"`, values)).toBe("[a two  words b]");
  expect(shell("printf '[%s]' 'a {name} b'", values)).toBe("[a two  words b]");
  expect(shell(`printf '[%s]' \\"{name}`, values)).toBe(`["two  words]`);
});

test("a job called $(…) or `…` runs nothing, wherever its name is put", () => {
  const marker = join(dataDir(), "ran");
  const evil = [
    `$(touch ${marker})`,
    `\`touch ${marker}\``,
    `'; touch ${marker}; '`,
    `"; touch ${marker}; "`,
    `\n touch ${marker}`,
  ];
  for (const name of evil) {
    for (const command of [
      "printf %s {name}",
      "printf %s '{name}'",
      `printf %s "{name}"`,
      `printf %s "'{name}'"`,
    ]) {
      expect(shell(command, { ...VALUES, name })).toContain(name);
    }
  }
  expect(existsSync(marker)).toBe(false);
});

test("any name comes out as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const clean = name.replaceAll("\0", "");
      fc.pre(Buffer.from(clean).toString() === clean);
      expect(shell("printf %s '{name}'", { ...VALUES, name })).toBe(clean);
    }),
    { numRuns: 40 },
  );
});

test("a command that fails is told with its last words, one that cannot start with the reason", async () => {
  await expect(runHook({ command: "echo 'no lamp' >&2; exit 3" }, VALUES, never)).rejects.toThrow(
    "it ended with 3: no lamp",
  );
  await expect(runHook({ script: "/nowhere/hook" }, VALUES, never)).rejects.toThrow(
    "it could not be started",
  );
});

test("hooks run as a job goes by, in order; a failing one is an alert and not in the way of the plot", async () => {
  const out = join(dataDir(), "out.txt");
  const { url } = await startDaemon({
    config: `
devices: [{id: v1, driver: virtual, speed: 100}]
hooks:
  RUNNING:
    - command: "echo {to_state} '{job_id}' >> ${out}"
    - websocket: true
  COMPLETED:
    - command: "exit 7"
    - command: "echo {to_state} {device_id} >> ${out}"
`,
  });
  const { until } = await listen(url);
  const svg = join(dataDir(), "line.svg");
  writeFileSync(
    svg,
    `<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="50mm"><path d="M5 5h9" stroke="red"/></svg>`,
  );
  await plotty(["add", svg], { PLOTTY_URL: url });
  await until((frame) => frame.to_state === "COMPLETED");
  const alert = await until((frame) => frame.type === "system_alert" && frame.source === "hook");
  expect(alert).toMatchObject({
    level: "warning",
    job_id: "line",
    message: expect.stringContaining("it ended with 7"),
  });
  while (!readFileSync(out, "utf8").includes("COMPLETED"))
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(readFileSync(out, "utf8")).toBe("RUNNING line\nCOMPLETED v1\n");
});

test("at its timeout a hook ends with all it has started", async () => {
  const file = join(dataDir(), "pid");
  const command = `sleep 60 & echo $! > ${file}; wait`;
  await expect(runHook({ command }, VALUES, never, 300)).rejects.toThrow(
    "it took more than 0.3 s and was ended",
  );
  const pid = Number(readFileSync(file, "utf8"));
  while (existsSync(`/proc/${pid}`) && !isZombie(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
});

/** Ended, and not yet taken notice of by whoever inherited it. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true; // gone meanwhile
  }
}

test("one who left the group and holds the pipes open keeps nobody waiting when the daemon stops", async () => {
  const stop = new AbortController();
  const run = runHook({ command: "setsid sleep 5" }, VALUES, stop.signal);
  setTimeout(() => stop.abort(), 50);
  await expect(run).rejects.toThrow("the daemon stops");
});

test("of what a hook writes 16 KB are kept, and no control character gets into its reason", async () => {
  const said = await runHook({ command: "head -c 5000000 /dev/zero | tr '\\0' x" }, VALUES, never);
  expect(said).toBe("x".repeat(16_384));
  await expect(runHook({ command: "printf '\\033[2Jgone\\007' >&2; exit 1" }, VALUES, never)).rejects.toThrow(
    "it ended with 1:  [2Jgone ",
  );
});

test("hooks.ALERT runs for alerts of its level, with their words; its own failures run it no more", async () => {
  const out = join(dataDir(), "alerts.txt");
  const { url } = await startDaemon({
    config: `
devices: [{id: v1, driver: virtual, speed: 100}]
hooks:
  RUNNING: [{command: "echo '$(touch /tmp/x)' >&2; exit 7"}]
  ALERT: [{command: "echo {level} {job_id} {message} >> ${out}; exit 8"}]
`,
  });
  const { until, frames } = await listen(url);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
  await ask(url, "/api/v1/jobs?name=line", "POST", svg);
  await until((frame) => /the hook for ALERT/.test(frame.message));
  expect(readFileSync(out, "utf8")).toBe(
    "warning line the hook for RUNNING of line failed: it ended with 7: $(touch /tmp/x)\n",
  );
  await until((frame) => frame.to_state === "COMPLETED");
  expect(frames.filter((frame) => frame.source === "hook")).toHaveLength(2);
});

test("plotty hooks test runs the hooks of a state and tells how each went", async () => {
  const { url } = await startDaemon({
    config: `
devices: []
hooks:
  FAILED:
    - command: "echo {job_id} {to_state}"
    - command: "exit 4"
    - webhook: http://127.0.0.1:1/
`,
  });
  const env = { PLOTTY_URL: url };
  const tested = await plotty(["hooks", "test", "failed", "--format", "json"], env);
  expect(tested.code).toBe(1);
  expect(JSON.parse(tested.stdout)).toMatchObject([
    { kind: "command", ok: true, output: "hooks_test FAILED\n" },
    { kind: "command", ok: false, error: "it ended with 4" },
    { kind: "webhook", ok: false, error: expect.stringContaining("127.0.0.1:1 cannot be reached") },
  ]);
  expect(await plotty(["hooks", "test", "PAUSED"], env)).toMatchObject({ code: 0, stdout: "" });
  expect((await plotty(["hooks", "test", "LOST"], env)).code).toBe(2);
  expect(
    (await ask(url, "/api/v1/hooks/test", "POST", '{"state": "failed", "job_id": "nobody"}')).status,
  ).toBe(404);
});
