import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type HookValues, hookEnvironment, quoteCommand } from "../../src/daemon/jobs/hook-values.ts";
import { runHook } from "../../src/daemon/jobs/run-hook.ts";
import { listen, plotty, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";

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

test("a webhook is a POST of the values, signed over its body, and is tried again when it fails", async () => {
  const got: { body: string; signature: unknown }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    got.push({ body, signature: request.headers["x-plotty-signature"] });
    response.writeHead(got.length === 1 ? 503 : 204).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await runHook({ webhook: url, secret: "s3" }, VALUES, never);
  expect(got).toHaveLength(2);
  const { body, signature } = got[1]!;
  expect(JSON.parse(body)).toMatchObject({ type: "job_state_change", ...VALUES });
  expect(signature).toBe(`sha256=${createHmac("sha256", "s3").update(body).digest("hex")}`);
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
