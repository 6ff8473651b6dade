import type { HookResults } from "../../shared/http-messages.ts";
import type { Config, HookEvent } from "../config-schema.ts";
import { callWebhook } from "./call-webhook.ts";
import { type HookValues, hookValues } from "./hook-values.ts";
import type { JobRecord } from "./job-record.ts";
import { runHook } from "./run-hook.ts";

export type Hook = NonNullable<Config["hooks"][HookEvent]>[number];
type Result = HookResults["results"][number];

/** What is told where no job is named. */
const INVENTED: HookValues = {
  job_id: "hooks_test",
  name: "hooks_test.svg",
  from_state: "",
  reason: "plotty hooks test",
  pen: "black",
  paper: "a4",
  device_id: "",
};
const INVENTED_ALERT: HookValues = {
  alert_id: "hooks_test",
  level: "warning",
  message: "this is a test of plotty's hooks",
  source: "hook",
  job_id: "",
  device_id: "",
};

/** Runs the hooks of an event one after the other, webhooks once each, and tells how each went. */
export async function testHooks(
  event: HookEvent,
  hooks: readonly Hook[],
  job: JobRecord | undefined,
  signal: AbortSignal,
): Promise<HookResults> {
  const values = valuesFor(event, job);
  const results: Result[] = [];
  for (const { command, script, webhook, secret } of hooks) {
    if (command !== undefined)
      results.push(await timed("command", () => runHook({ command }, values, signal)));
    if (script !== undefined) results.push(await timed("script", () => runHook({ script }, values, signal)));
    if (webhook !== undefined)
      results.push(await timed("webhook", () => callOnce(event, webhook, secret, values, signal)));
  }
  return { results };
}

async function callOnce(
  event: HookEvent,
  url: string,
  secret: string | undefined,
  values: HookValues,
  signal: AbortSignal,
): Promise<string> {
  const type = event === "ALERT" ? "system_alert" : "job_state_change";
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), ...values, test: true });
  await callWebhook({ url, body, delivery: "test", secret }, signal);
  return "";
}

function valuesFor(event: HookEvent, job: JobRecord | undefined): HookValues {
  if (event === "ALERT") return { ...INVENTED_ALERT, ...(job && { job_id: job.id }) };
  return { ...(job ? hookValues(job, null) : INVENTED), to_state: event };
}

async function timed(kind: Result["kind"], run: () => Promise<string>): Promise<Result> {
  const beganMs = performance.now();
  const took = () => Math.round(performance.now() - beganMs);
  try {
    const output = await run();
    return { kind, ok: true, duration_ms: took(), output, error: null };
  } catch (error) {
    return { kind, ok: false, duration_ms: took(), output: "", error: (error as Error).message };
  }
}
