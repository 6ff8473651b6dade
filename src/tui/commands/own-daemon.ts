import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PlottyError } from "../../shared/errors.ts";
import { whenAborted } from "../client/when-aborted.ts";
import type { Session } from "../session.ts";

export interface OwnDaemon {
  /** `ws://localhost:PORT/ws` */
  readonly url: string;
  /** Aborted with an error when the daemon ends before it is stopped. */
  readonly gone: AbortSignal;
  /** Ends the daemon and removes its data. */
  stop(): Promise<void>;
}

const BIN = fileURLToPath(new URL("../bin/plotty.js", import.meta.url));
const READY_LINE = /listening on (wss?:\/\/\S+)/;
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5000;

/** A daemon with a virtual plotter on a free port, with a data directory and a configuration of its own. */
export async function startOwnDaemon(session: Session, speed: number): Promise<OwnDaemon> {
  const directory = await mkdtemp(join(tmpdir(), "plotty-demo-"));
  const child = await launch(session, directory, speed);
  const stop = async () => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const url = await readyUrl(child, session.signal);
    return { url, gone: goneSignal(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In a process group of its own: Ctrl-C on the terminal is for the monitor, which then stops the daemon in order. */
async function launch(session: Session, directory: string, speed: number): Promise<ChildProcess> {
  const config = join(directory, "config.yaml");
  await writeFile(config, "devices: []\n");
  return fork(BIN, ["daemon", "--simulate", "--speed", String(speed), "--port", "0", "--config", config], {
    env: { ...withoutPlotty(session.env), PLOTTY_DATA_DIR: join(directory, "data") },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
    detached: true,
  });
}

/** The person's own settings are for their own daemon: the demo must not touch their machines. */
function withoutPlotty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PLOTTY_")));
}

/** The address in the line that the daemon prints when it is ready; what it said instead, when it ends before. */
function readyUrl(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) =>
      reject(new PlottyError("internal", `the demo's daemon ${why}: ${lastLine(said) || "it said nothing"}`));
    const timer = setTimeout(
      () => fail(`was not ready within ${START_TIMEOUT_MS / 1000} s`),
      START_TIMEOUT_MS,
    );
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-16_384);
      const url = READY_LINE.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
    child.on("error", (error) => fail(`did not start (${error.message})`));
    child.on("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
    whenAborted(signal, () => reject(signal.reason));
  });
}

function goneSignal(child: ChildProcess): AbortSignal {
  const controller = new AbortController();
  child.once("exit", (code, signal) => {
    const message = `the demo's daemon ended (${signal ?? `exit code ${code}`}) before the drawing did: try again`;
    controller.abort(new PlottyError("internal", message));
  });
  return controller.signal;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
