import type { CommonOptions } from "../commands/context.ts";
import type { Watch } from "../commands/monitor.ts";
import type { Session } from "../session.ts";
import { follow } from "./follow.ts";

export async function showScreen(session: Session, watch: Watch): Promise<number> {
  return follow(session, watch);
}

export async function showJobOnScreen(
  session: Session,
  options: CommonOptions,
  jobId: string,
): Promise<void> {
  await follow(session, {
    ...options,
    format: "text",
    intervalMs: 1000,
    channels: ["jobs", "system", "device"],
    jobId,
    level: undefined,
    until: "done",
    timeoutMs: undefined,
  });
}
