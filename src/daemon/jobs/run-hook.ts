import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import type { Config } from "../config-schema.ts";
import { type HookValues, hookEnvironment, quoteCommand } from "./hook-values.ts";

export type Hook = NonNullable<Config["hooks"][keyof Config["hooks"]]>[number];

export const HOOK_TIMEOUT_MS = 30_000;
const MOST_OUTPUT_BYTES = 16_384;
const WEBHOOK_TRIES = 3;
const FIRST_RETRY_MS = 1000;

/** Runs one hook to its end. Rejects with what went wrong, in words. */
export async function runHook(hook: Hook, values: HookValues, signal: AbortSignal): Promise<void> {
  if (hook.command !== undefined)
    await runProcess("/bin/sh", ["-c", quoteCommand(hook.command)], values, signal);
  if (hook.script !== undefined)
    await runProcess(hook.script, [values.job_id, values.to_state], values, signal);
  if (hook.webhook !== undefined) await callWebhook(hook.webhook, hook.secret, values, signal);
}

/** In a process group of its own, so that its children end with it at the timeout. */
function runProcess(file: string, args: string[], values: HookValues, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      detached: true,
      env: { ...process.env, ...hookEnvironment(values) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      if (said.length < MOST_OUTPUT_BYTES) said += data.toString();
    });
    const endGroup = () => {
      if (child.pid !== undefined) endProcessGroup(child.pid);
    };
    const timer = setTimeout(() => {
      endGroup();
      reject(new Error(`it took more than ${HOOK_TIMEOUT_MS / 1000} s and was ended`));
    }, HOOK_TIMEOUT_MS);
    signal.addEventListener("abort", endGroup, { once: true });
    child.once("error", (error) => reject(new Error(`it could not be started: ${error.message}`)));
    child.once("close", (code, by) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", endGroup);
      if (code === 0) return resolve();
      const last = said.trim().split("\n").at(-1);
      reject(new Error(`it ended with ${by ?? code}${last ? `: ${last.slice(0, 300)}` : ""}`));
    });
  });
}

function endProcessGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** POSTs the values as JSON; signed with HMAC-SHA256 over the body when there is a secret. */
async function callWebhook(url: string, secret: string | undefined, values: HookValues, signal: AbortSignal) {
  const body = JSON.stringify({ type: "job_state_change", timestamp: new Date().toISOString(), ...values });
  const headers: Record<string, string> = { "content-type": "application/json", "user-agent": "plotty" };
  if (secret)
    headers["x-plotty-signature"] = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(HOOK_TIMEOUT_MS)]);
      const response = await fetch(url, { method: "POST", body, headers, signal: limit, redirect: "error" });
      await response.body?.cancel();
      if (response.ok) return;
      throw new Error(`${new URL(url).host} answered ${response.status}`);
    } catch (error) {
      if (attempt === WEBHOOK_TRIES || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_MS * 4 ** (attempt - 1)));
    }
  }
}
