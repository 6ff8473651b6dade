import { spawn } from "node:child_process";
import { type HookValues, hookEnvironment, quoteCommand } from "./hook-values.ts";

export const HOOK_TIMEOUT_MS = 30_000;
const MOST_OUTPUT_BYTES = 16_384;
const LONGEST_REASON = 300;

export interface ProcessHook {
  readonly command?: string;
  readonly script?: string;
}

/**
 * Runs the command or script of a hook to its end. Rejects with what went wrong, in words.
 *
 * @returns what it wrote, at most 16 KB
 */
export function runHook(
  hook: ProcessHook,
  values: HookValues,
  signal: AbortSignal,
  timeoutMs = HOOK_TIMEOUT_MS,
): Promise<string> {
  if (hook.command !== undefined) {
    const command = quoteCommand(hook.command, Object.keys(values));
    return runProcess("/bin/sh", ["-c", command], values, signal, timeoutMs);
  }
  const args = [values.job_id ?? "", values.to_state ?? values.level ?? ""];
  return runProcess(hook.script ?? "", args, values, signal, timeoutMs);
}

/** In a process group of its own, so that its children end with it at the timeout. */
function runProcess(
  file: string,
  args: string[],
  values: HookValues,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      detached: true,
      env: { ...process.env, ...hookEnvironment(values) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = collect(child.stdout, child.stderr);
    const end = (why: Error) => {
      if (child.pid !== undefined) endProcessGroup(child.pid);
      // One who left the group may hold the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(why);
    };
    const timer = setTimeout(
      () => end(new Error(`it took more than ${timeoutMs / 1000} s and was ended`)),
      timeoutMs,
    );
    const onAbort = () => end(new Error("the daemon stops, and so did the hook"));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    child.once("error", (error) => {
      settle();
      reject(new Error(`it could not be started: ${error.message}`));
    });
    child.once("close", (code, by) => {
      settle();
      if (code === 0) return resolve(said.all());
      const last = said.lastLine().slice(0, LONGEST_REASON);
      reject(new Error(`it ended with ${by ?? code}${last ? `: ${last}` : ""}`));
    });
  });
}

/** The beginning of what is written; the rest is read and forgotten, so that nobody waits for a full pipe. */
function collect(...streams: NodeJS.ReadableStream[]) {
  let said = Buffer.alloc(0);
  for (const stream of streams) {
    stream.on("data", (data: Buffer) => {
      if (said.length < MOST_OUTPUT_BYTES) said = Buffer.concat([said, data]).subarray(0, MOST_OUTPUT_BYTES);
    });
  }
  const all = () => said.toString();
  // It becomes part of an alert: what would move a terminal's cursor has no place there.
  const lastLine = () =>
    all()
      .trim()
      .split("\n")
      .at(-1)!
      .replace(/\p{Cc}+/gu, " ");
  return { all, lastLine };
}

function endProcessGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
