import { execFile } from "node:child_process";
import type { Clock } from "../shared/clock.ts";
import type { Logger } from "./log.ts";

/** What systemd is told of a `Type=notify` service. */
export interface ServiceManager {
  ready(status: string): void;
  stopping(): void;
  /** No word any more; resolves when the last one has been said. */
  close(): Promise<void>;
}

export interface ServiceManagerParts {
  /** Read for `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
}

const TOOL = "systemd-notify";
const PATIENCE_MS = 5000;
/** Signs of life within one span of the watchdog, so that one that is late does no harm. */
const SIGNS = 3;

/**
 * Tells systemd that the daemon is ready, lives and stops, where systemd has asked for it. Node has no datagram sockets in the
 * file system, so the words go through systemd's own tool; the unit needs `NotifyAccess=all`, for they come from its process.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 */
export function serviceManager({ env, clock, log }: ServiceManagerParts): ServiceManager {
  if (!env.NOTIFY_SOCKET) return { ready: () => {}, stopping: () => {}, close: async () => {} };
  // One after the other, since STOPPING must not overtake READY.
  let last: Promise<void> = Promise.resolve();
  let cancel = () => {};
  const say = (...words: string[]) => {
    last = last
      .then(() => notify(words, env))
      .catch((error: Error) => log.warn({ err: error }, `${TOOL} failed: systemd was not told ${words[0]}`));
  };
  const everyMs = watchdogMs(env) / SIGNS;
  const live = () => {
    say("WATCHDOG=1");
    cancel = clock.after(everyMs, live);
  };
  return {
    ready: (status) => {
      say("READY=1", `STATUS=${status}`);
      if (Number.isFinite(everyMs)) live();
    },
    stopping: () => {
      say("STOPPING=1", "STATUS=raising the pen, parking");
    },
    close: () => {
      cancel();
      return last;
    },
  };
}

/** How long systemd waits for a sign of life; infinite when it waits for none of this process. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv): number {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  const microseconds = Number(WATCHDOG_USEC);
  return isOurs && microseconds > 0 ? microseconds / 1000 : Number.POSITIVE_INFINITY;
}

/** As assignments: the flags for the same differ between versions of the tool. */
function notify(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(TOOL, [...words], { env, timeout: PATIENCE_MS }, (error) => (error ? reject(error) : resolve()));
  });
}
