import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { dataDir } from "./data-dir.ts";

export const BIN = resolve(import.meta.dirname, "../../bin/plotty.js");
const READY = /plotty daemon listening on (\S+)/;

export interface RunningDaemon {
  readonly url: string;
  readonly child: ChildProcess;
  readonly directory: string;
  /** All it has written to stderr. */
  stderr(): string;
  /** Sends the signal and waits for the end. @returns exit code, or the signal that ended it */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

export interface DaemonSetup {
  /** YAML, or nothing for the defaults. */
  readonly config?: string;
  readonly flags?: readonly string[];
  /** Data of an earlier daemon. */
  readonly directory?: string;
  readonly port?: number;
  /** A command that runs it: its words come before the daemon's own. */
  readonly wrap?: readonly string[];
  /** Called once its process is there, before it has looked for any machine. */
  readonly onSpawned?: () => void;
}

/** The built daemon in a process and a directory of its own, on a free port; ended with the test. */
export async function startDaemon(setup: DaemonSetup = {}): Promise<RunningDaemon> {
  const directory = setup.directory ?? dataDir();
  const config = join(directory, "config.yaml");
  writeFileSync(config, setup.config ?? "devices: []\n");
  const args = ["daemon", "--port", String(setup.port ?? 0), "--config", config, ...(setup.flags ?? [])];
  const [program, ...words] = [...(setup.wrap ?? []), process.execPath, BIN, ...args];
  const child = spawn(program!, words, {
    env: cleanEnv({ PLOTTY_DATA_DIR: join(directory, "data") }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  setup.onSpawned?.();
  const ended = new Promise<number | NodeJS.Signals>((done) => {
    child.once("exit", (code, signal) => done(signal ?? code ?? -1));
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  });
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const url = await new Promise<string>((found, fail) => {
    child.stdout.on("data", (data) => {
      stdout += data;
      const match = READY.exec(stdout);
      if (match) found(match[1]!);
    });
    void ended.then((how) => fail(new Error(`the daemon ended (${how}): ${stderr}`)));
  });
  return {
    url,
    child,
    directory,
    stderr: () => stderr,
    end(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one `plotty` command to its end. */
export function plotty(
  args: readonly string[],
  env: Record<string, string> = {},
  input?: string,
): Promise<Finished> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: cleanEnv(env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  child.stdin.on("error", () => undefined); // a command that reads nothing may have ended already
  child.stdin.end(input ?? "");
  return new Promise((done) => child.once("close", (code) => done({ code, stdout, stderr })));
}

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at by each test in its own way
export type Frame = any;

/** Subscribes to everything and keeps what comes. */
export async function listen(
  url: string,
  subscription: object = {},
): Promise<{ frames: Frame[]; until: Until }> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  const waiting: (() => void)[] = [];
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)));
    for (const look of [...waiting]) look();
  });
  await new Promise<void>((open, fail) => {
    socket.once("open", () => open());
    socket.once("error", fail);
  });
  socket.send(JSON.stringify({ type: "SUBSCRIBE", channels: ["jobs", "system", "device"], ...subscription }));
  const until: Until = (matches) =>
    new Promise((found) => {
      const look = () => {
        const frame = frames.find(matches);
        if (frame) found(frame);
      };
      waiting.push(look);
      look();
    });
  await until((frame) => frame.type === "subscribed");
  return { frames, until };
}

export type Until = (matches: (frame: Frame) => boolean) => Promise<Frame>;

/** JSON from the daemon's HTTP side. */
export async function ask(
  url: string,
  path: string,
  method = "GET",
  body?: string,
  key?: string,
): Promise<{ status: number; body: Frame }> {
  const address = url.replace(/^ws/, "http").replace(/\/ws$/, path);
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  const response = await fetch(address, { method, body, headers });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

/** Uploads a drawing, as `plotty add` does. */
export async function submit(url: string, fileName: string, svg: string): Promise<void> {
  const address = url.replace(/^ws/, "http").replace(/\/ws$/, `/api/v1/jobs?name=${fileName}`);
  const headers = { "content-type": "image/svg+xml" };
  const response = await fetch(address, { method: "POST", body: svg, headers });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
}

/** The person's own settings must not reach a test, nor the test runner's. */
function cleanEnv(own: Record<string, string>): NodeJS.ProcessEnv {
  const drop = /^(PLOTTY_|CI$|CONTINUOUS_INTEGRATION$|NO_COLOR$|FORCE_COLOR$|VITEST|NODE_ENV$|JWT_DEV_MODE$)/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !drop.test(name))), ...own };
}
