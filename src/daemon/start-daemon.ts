import type { DaemonFlags } from "./run-daemon.ts";

export interface StartDaemon extends DaemonFlags {
  /** Read for `PLOTTY_…`; the process's own when missing. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the daemon: pen up, park, state kept. */
  readonly signal: AbortSignal;
}

/** A daemon in this process, until `signal`. Rejects with `PlottyError` when it cannot start. Loaded when it is called. */
export async function startDaemon({ env, signal, ...flags }: StartDaemon): Promise<void> {
  const { runDaemon } = await import("./run-daemon.ts");
  await runDaemon(flags, env ?? process.env, signal);
}
