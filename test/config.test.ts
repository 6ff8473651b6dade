import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { dataDir, loadConfig } from "../src/daemon/config.ts";
import { distance, nearestKey } from "../src/daemon/schema-keys.ts";
import { PlottyError } from "../src/shared/errors.ts";

function home(): string {
  const directory = mkdtempSync(join(tmpdir(), "plotty-config-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

function fileWith(text: string): string {
  const path = join(home(), "config.yaml");
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

function load(text: string, env: NodeJS.ProcessEnv = {}, flags = {}) {
  const file = fileWith(text);
  return loadConfig({ flags, env, file });
}

/** The sentence a configuration is refused with, without the directory of its file. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PlottyError) return error.message.replace(/\S*\/config\.yaml/g, "config.yaml");
    throw error;
  }
  throw new Error("it was accepted");
}

test("without file, variables and flags the contract's defaults hold", () => {
  const { config, file, warnings } = loadConfig({ env: { HOME: home() } });
  expect(config.websocket).toMatchObject({
    host: "localhost",
    port: 8766,
    authenticate: false,
    max_connections: 100,
  });
  expect(config.websocket.event_log).toEqual({ max_age_days: 30, max_events: 100_000 });
  expect({ file, warnings }).toEqual({ file: null, warnings: [] });
});

test("every YAML block of the documents is a valid configuration", () => {
  const blocks = ["alerts.md", "security.md"].flatMap((name) => {
    const text = readFileSync(join(import.meta.dirname, "../docs", name), "utf8");
    return [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!);
  });
  expect(blocks).toHaveLength(4);
  for (const block of blocks) {
    const file = fileWith(block);
    for (const secret of ["key", "webhook-secret"])
      writeFileSync(join(file, "..", secret), "a secret", { mode: 0o600 });
    expect(loadConfig({ env: {}, file }).warnings).toEqual([]);
  }
});

test("a flag goes before a variable, that before the file, that before the default", () => {
  const text = "websocket: {port: 1001, max_connections: 11, heartbeat_interval: 31}";
  const env = { PLOTTY_WEBSOCKET__PORT: "1002", PLOTTY_WEBSOCKET__MAX_CONNECTIONS: "12" };
  const { websocket } = load(text, env, { websocket: { port: 1003, host: undefined } }).config;
  expect(websocket).toMatchObject({
    port: 1003,
    max_connections: 12,
    heartbeat_interval: 31,
    host: "localhost",
  });
});

test("the file is --config, else PLOTTY_CONFIG, else config.yaml in the home, if there is one", () => {
  const directory = home();
  mkdirSync(join(directory, "xdg", "plotty"), { recursive: true });
  writeFileSync(join(directory, "xdg", "plotty", "config.yaml"), "websocket: {port: 3}");
  const env = { HOME: directory, XDG_CONFIG_HOME: join(directory, "xdg") };
  expect(loadConfig({ env }).config.websocket.port).toBe(3);
  const named = fileWith("websocket: {port: 2}");
  expect(loadConfig({ env: { ...env, PLOTTY_CONFIG: named } }).config.websocket.port).toBe(2);
  const flagged = fileWith("websocket: {port: 1}");
  expect(loadConfig({ env: { ...env, PLOTTY_CONFIG: named }, file: flagged }).config.websocket.port).toBe(1);
});

test("a file that was named and is not there is an error", () => {
  expect(refusal(() => loadConfig({ env: {}, file: "/nowhere/config.yaml" }))).toBe(
    "there is no configuration file config.yaml; check --config or PLOTTY_CONFIG",
  );
});

test("an unknown key is named with its line, column and the nearest valid key", () => {
  const text = "websocket:\n  host: localhost\n  prot: 8766\n";
  expect(refusal(() => load(text))).toBe(
    "config.yaml:3:3: unknown key websocket.prot; the nearest valid key is websocket.port",
  );
  expect(refusal(() => load("\nwebsockets: {}\n"))).toBe(
    "config.yaml:2:1: unknown key websockets; the nearest valid key is websocket",
  );
  expect(refusal(() => load("websocket: {authentication: true}"))).toContain(
    "nearest valid key is websocket.authenticate",
  );
  expect(refusal(() => load("hooks:\n  RUNING: []\n"))).toBe(
    "config.yaml:2:3: unknown key hooks.RUNING; the nearest valid key is hooks.RUNNING",
  );
  expect(refusal(() => load("devices:\n  - id: a\n    modle: x\n"))).toBe(
    "config.yaml:3:5: unknown key devices.0.modle; the nearest valid key is devices.0.model",
  );
});

test("a key in the wrong section is sent to the right one", () => {
  expect(refusal(() => load("heartbeat_interval: 10"))).toContain(
    "nearest valid key is websocket.heartbeat_interval",
  );
});

test("a wrong type is named with its line and column, what is wanted and what is there", () => {
  expect(refusal(() => load("websocket:\n  port: http\n"))).toBe(
    "config.yaml:2:3: websocket.port must be a number, not text",
  );
  expect(refusal(() => load("websocket: {authenticate: yes}"))).toBe(
    "config.yaml:1:13: websocket.authenticate must be true or false, not text",
  );
  expect(refusal(() => load("websocket: {port: 80.5}"))).toContain("must be a whole number, not a fraction");
  expect(refusal(() => load("websocket: {port: 70000}"))).toContain("websocket.port must be at most 65535");
  expect(refusal(() => load("websocket: [1]"))).toContain(
    "websocket must be a section with keys, not a list",
  );
  expect(refusal(() => load("logging: {level: loud}"))).toContain("must be one of trace, debug, info");
  expect(refusal(() => load("- 1"))).toContain("config.yaml:1: a configuration is sections with keys");
});

test("broken YAML is an error with its line", () => {
  expect(refusal(() => load('websocket:\n  host: "localhost\n'))).toMatch(
    /^config\.yaml:3: not valid YAML at column/,
  );
});

test("variables hold YAML: numbers, lists, words; their names in any case; an empty one is none", () => {
  const env = {
    PLOTTY_WEBSOCKET__CHANNELS: "[jobs, device]",
    PLOTTY_WEBSOCKET__EVENT_LOG__MAX_EVENTS: "50",
    PLOTTY_WEBSOCKET__API_KEY: "12345",
    PLOTTY_HOOKS__RUNNING: "[{command: echo}]",
    PLOTTY_PENS__RED__WIDTH_MM: "0.5",
    PLOTTY_DATA_DIR: "/data",
    PLOTTY_WEBSOCKET__PORT: "",
    PLOTTY_URL: "ws://elsewhere/ws",
  };
  const { config } = load("", env);
  expect(config.websocket).toMatchObject({ channels: ["jobs", "device"], api_key: "12345", port: 8766 });
  expect(config.websocket.event_log.max_events).toBe(50);
  expect(config.hooks.RUNNING).toEqual([{ command: "echo" }]);
  expect(config.pens.red?.width_mm).toBe(0.5);
  expect(config.data_dir).toBe("/data");
});

test("a wrong variable is named, with the nearest one", () => {
  expect(refusal(() => load("", { PLOTTY_WEBSOCKET__PROT: "1" }))).toBe(
    "PLOTTY_WEBSOCKET__PROT: there is no key websocket.prot; the nearest is websocket.port (PLOTTY_WEBSOCKET__PORT)",
  );
  expect(refusal(() => load("websocket: {port: 1}", { PLOTTY_WEBSOCKET__PORT: "http" }))).toBe(
    "PLOTTY_WEBSOCKET__PORT: websocket.port must be a number, not text",
  );
});

test("authenticate without a key is an error; with a key from a variable it is none", () => {
  const text = "websocket:\n  authenticate: true\n";
  expect(refusal(() => load(text))).toBe(
    "config.yaml:2:3: websocket.authenticate is true, but websocket.api_key is not set; set it, websocket.api_key_file, or PLOTTY_WEBSOCKET__API_KEY",
  );
  expect(load(text, { PLOTTY_WEBSOCKET__API_KEY: "s3cret" }).config.websocket.api_key).toBe("s3cret");
});

test("no error text holds a secret", () => {
  const secret = "hunter2hunter2";
  for (const text of [
    `websocket: {api_key: [${secret}]}`,
    `websocket: {api_key: ${secret}: x}`,
    `websocket:\n  api_key: "${secret}\n`,
    `orchestrator: {jwt_secret: {a: ${secret}}}`,
    `websocket: {tls: ${secret}}`,
    `websocket: {api_key: ${secret}, port: x}`,
    `${secret}`,
    `websocket: {api_key: *${secret}}`,
  ]) {
    const told = refusal(() => load(text));
    expect(told).not.toContain(secret);
  }
});

test("an open address without a key, a key without a door, and a readable key are warned of", () => {
  const { warnings } = load("websocket: {host: 0.0.0.0, api_key: abc}");
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain("anyone who reaches that address can plot");
  const file = fileWith("websocket: {authenticate: true, api_key: abc}");
  chmodSync(file, 0o644);
  expect(loadConfig({ env: {}, file }).warnings).toEqual([
    `${file} holds a key and others on this machine can read it: chmod 600 ${file}`,
  ]);
});

test("data lives in PLOTTY_DATA_DIR, else data_dir, else the user's data home", () => {
  expect(dataDir({ data_dir: "/b" }, { PLOTTY_DATA_DIR: "/a" })).toBe("/a");
  expect(dataDir({ data_dir: "/b" }, { HOME: "/home/u" })).toBe("/b");
  expect(dataDir({ data_dir: null }, { XDG_DATA_HOME: "/x", HOME: "/home/u" })).toBe("/x/plotty");
  expect(dataDir({ data_dir: null }, { HOME: "/home/u" })).toBe("/home/u/.local/share/plotty");
});

test("kitten and sitting are three edits apart; the nearest key to planing is planning", () => {
  expect(distance("kitten", "sitting")).toBe(3);
  expect(nearestKey(["planing"])).toBe("planning");
  expect(nearestKey(["alerts", "waiting"])).toBe("alerts.waiting_minutes");
});
