import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { loadConfig } from "../src/daemon/config.ts";
import { configSchema } from "../src/daemon/config-schema.ts";
import { changedKeys } from "../src/daemon/reload.ts";
import { ask, listen, plotty, type RunningDaemon, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

function rewrite(daemon: RunningDaemon, text: string): void {
  writeFileSync(join(daemon.directory, "config.yaml"), text);
}

/** Resolves when the daemon's log holds all of these. */
async function logged(daemon: RunningDaemon, ...words: string[]): Promise<void> {
  while (!words.every((word) => daemon.stderr().includes(word)))
    await new Promise((done) => setTimeout(done, 10));
}

test("what differs between two configurations is told by key, a pen and a hook by its name", () => {
  const before = configSchema.parse({ pens: { black: {}, red: {} } });
  const after = configSchema.parse({
    pens: { black: { width_mm: 0.5 }, blue: {} },
    hooks: { COMPLETED: [{ command: "true" }] },
    websocket: { port: 1, api_key: "s3cret" },
    devices: [{ id: "a" }],
  });
  expect(changedKeys(before, before)).toEqual([]);
  expect(changedKeys(before, after).sort()).toEqual([
    "devices",
    "hooks.COMPLETED",
    "pens.black",
    "pens.blue",
    "pens.red",
    "websocket.api_key",
    "websocket.port",
  ]);
});

test("plotty config reload tells what is in force now and what from the next start; SIGHUP does the same", async () => {
  const daemon = await startDaemon({ config: "devices: []\n" });
  const env = { PLOTTY_URL: daemon.url };
  rewrite(
    daemon,
    "devices: []\npapers: {card: {width_mm: 90, height_mm: 60}}\nwebsocket: {heartbeat_interval: 7}\n",
  );
  expect(await plotty(["config", "reload"], env)).toMatchObject({
    code: 0,
    stdout: "in force: papers.card\nfrom the next start of the daemon: websocket.heartbeat_interval\n",
  });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
  expect((await ask(daemon.url, "/api/v1/jobs?name=a&paper=card", "POST", svg)).status).toBe(201);
  rewrite(daemon, "devices: []\nlogging: {level: debug}\n");
  daemon.child.kill("SIGHUP");
  await logged(daemon, '"changed":["logging.level","papers.card"]');
  await ask(daemon.url, "/healthz");
  expect(await daemon.end()).toBe(0);
});

test("a bad file keeps the former one in force, says why with its line, and is an alert until it is mended", async () => {
  const daemon = await startDaemon({ config: "devices: []\nqueue: {keep_finished: 3}\n" });
  const { until } = await listen(daemon.url);
  rewrite(daemon, "devices: []\nqueue: {keep_finishd: 4}\n");
  const refused = await plotty(["config", "reload"], { PLOTTY_URL: daemon.url });
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(
    /config\.yaml:2:9: unknown key queue\.keep_finishd; the nearest valid key is queue\.keep_finished/,
  );
  const alert = await until(({ source }) => source === "config");
  expect(alert).toMatchObject({
    level: "error",
    message: expect.stringContaining("the former one stays in force"),
  });
  expect((await ask(daemon.url, "/healthz")).status).toBe(200);
  rewrite(daemon, "devices: []\nqueue: {keep_finished: 3}\n");
  expect((await plotty(["config", "reload"], { PLOTTY_URL: daemon.url })).stdout).toBe(
    "nothing has changed\n",
  );
  await until(({ message }) => message === "the configuration is valid again and in force");
});

test("an API key from a file is asked for, and another one after a reload; neither is shown or logged", async () => {
  const directory = dataDir();
  const file = join(directory, "key");
  writeFileSync(file, "first-secret\n", { mode: 0o600 });
  const config = `devices: []\nlogging: {level: trace}\nwebsocket: {authenticate: true, api_key_file: ${file}}\n`;
  const daemon = await startDaemon({ config, directory });
  const status = async (key: string) =>
    (await fetch(daemon.url.replace(/^ws(.*)\/ws$/, `http$1/api/v1/system?api_key=${key}`))).status;
  expect([await status("first-secret"), await status("second-secret")]).toEqual([200, 401]);
  writeFileSync(file, "second-secret\n");
  const reloaded = await ask(daemon.url, "/api/v1/config/reload", "POST", "{}", "first-secret");
  expect(reloaded.body).toMatchObject({ changed: ["websocket.api_key"], after_restart: [] });
  expect([await status("first-secret"), await status("second-secret")]).toEqual([401, 200]);
  const shown = await plotty(["config", "show"], { PLOTTY_CONFIG: join(directory, "config.yaml") });
  expect(shown.stdout).toContain("api_key: (set, not shown)");
  expect(await daemon.end()).toBe(0);
  expect(shown.stdout + daemon.stderr()).not.toMatch(/first-secret|second-secret/);
});

test("a secret's file is beside the configuration; a missing, an empty and a doubled one are told, an open one warned of", () => {
  const directory = dataDir();
  const file = join(directory, "config.yaml");
  const load = (text: string) => {
    writeFileSync(file, text);
    return loadConfig({ env: {}, file });
  };
  writeFileSync(join(directory, "jwt"), " sixteen characters \n", { mode: 0o600 });
  writeFileSync(join(directory, "empty"), "\n", { mode: 0o600 });
  expect(load("orchestrator: {jwt_secret_file: jwt}").config.orchestrator.jwt_secret).toBe(
    "sixteen characters",
  );
  expect(
    load("hooks: {FAILED: [{webhook: http://a, secret_file: jwt}]}").config.hooks.FAILED![0],
  ).toMatchObject({
    secret: "sixteen characters",
  });
  expect(() => load("orchestrator: {jwt_secret_file: nowhere}")).toThrow(
    /jwt_secret_file: there is no file .*nowhere/,
  );
  expect(() => load("websocket: {api_key_file: empty}")).toThrow(/api_key_file: .*empty is empty/);
  expect(() => load("websocket: {api_key_file: jwt, api_key: a}")).toThrow("are both set: keep one");
  chmodSync(join(directory, "jwt"), 0o644);
  expect(load("orchestrator: {jwt_secret_file: jwt}").warnings).toEqual([
    expect.stringMatching(/jwt holds a secret and others on this machine can read it: chmod 600/),
  ]);
});
