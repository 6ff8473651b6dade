import { writeSync } from "node:fs";
import { PlottyError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Link } from "../client/connection.ts";
import { CHANNELS } from "../client/vocabulary.ts";
import { apiOf, type CommonOptions, themeFor } from "../commands/context.ts";
import { findJob } from "../commands/jobs.ts";
import type { Watch } from "../commands/monitor.ts";
import type { Session } from "../session.ts";
import { wantsUnicode } from "../text/theme.ts";
import { performAction } from "./actions.ts";
import { CellWriter, type Terminal } from "./cell-writer.ts";
import { addFile, type Command, runCommand } from "./commands.ts";
import { Ending } from "./ending.ts";
import type { Action, Target } from "./keymap.ts";
import { paintOpening } from "./opening.ts";
import { MonitorStore } from "./store.ts";
import { verdictOf, verdictOnEnd } from "./until.ts";

/** How long the screen stays after what it waited for, so that the last change can be seen. */
const LAST_LOOK_MS = 1500;

/** The interactive monitor. The terminal is given back as it was on every way out. */
export async function showScreen(session: Session, watch: Watch): Promise<number> {
  const isSpoken = session.env.INK_SCREEN_READER === "true"; // Ink's own switch: then it writes, in lines
  const writer = isSpoken
    ? undefined
    : new CellWriter(session.stdout as unknown as Terminal, wantsUnicode(session.env));
  const restore = () => writer?.close((text) => writeOut(session.stdout.fd, text));
  // Node tells of another size only; a terminal that shrank and grew within a moment has lost its cells all the same.
  const redraw = () => writer?.redraw();
  process.on("SIGWINCH", redraw);
  process.on("exit", restore);
  process.on("uncaughtExceptionMonitor", restore);
  try {
    session.stdin.setRawMode(true); // keys of the first moment wait for Ink, and are not echoed or taken for signals
    writer?.open();
    return await runScreen(session, watch, writer);
  } finally {
    session.stdin.setRawMode(false);
    writer?.close();
    process.off("SIGWINCH", redraw);
    process.off("exit", restore);
    process.off("uncaughtExceptionMonitor", restore);
  }
}

/** The screen until one job has ended: the demo's. */
export async function showJobOnScreen(
  session: Session,
  options: CommonOptions,
  jobId: string,
): Promise<number> {
  return showScreen(session, {
    ...options,
    format: "text",
    intervalMs: 0,
    channels: CHANNELS,
    jobId,
    level: undefined,
    until: "done",
    timeoutMs: undefined,
    isReadOnly: false,
  });
}

/** @param writer nothing for a screen reader */
async function runScreen(session: Session, watch: Watch, writer: CellWriter | undefined): Promise<number> {
  const api = apiOf(session, watch);
  const ending = new Ending(session.signal);
  const store = new MonitorStore({
    api,
    channels: watch.channels,
    onFrame: (frame) => ending.after(verdictOf(frame, watch), LAST_LOOK_MS),
    onLink: (link) => linked(link),
  });
  const linked = (link: Link) => {
    if (link.state === "refused") ending.fail(link.error);
    if (link.state !== "live" || !watch.until || watch.jobId === undefined) return;
    api.job(watch.jobId).then(
      ({ state }) => isFinished(state) && ending.after(verdictOnEnd(state, watch), LAST_LOOK_MS),
      (error) => isAway(error) || ending.fail(error),
    );
  };
  if (watch.timeoutMs !== undefined) ending.timeOut(watch);
  let unmount = () => {};
  try {
    const opening = {
      store,
      url: api.address.wsUrl,
      theme: themeFor(session, watch, session.stdout),
      panes: {
        jobs: watch.channels.includes("jobs"),
        devices: watch.channels.includes("device"),
        alerts: watch.channels.includes("system"),
      },
      jobId: watch.jobId,
      level: watch.level,
      isReadOnly: watch.isReadOnly,
    };
    if (writer) await paintOpening(opening, writer);
    const { mountApp, mountSpoken } = await import("./mount.tsx");
    const props = {
      ...opening,
      onAction: (action: Action, target: Target) =>
        performAction(action, target, { api, session, store, writer, ending }),
      onCommand: (command: Command, job: JobView | undefined) =>
        runCommand(command, job, { api, session, store }),
      onFind: (id: string) => findJob(api, id),
      onAdd: (path: string) => addFile(path, { api, session, store }),
    };
    unmount = writer ? mountApp(props, session, writer) : mountSpoken(props, session);
    return await ending.exitCode;
  } finally {
    unmount();
    store.close();
    ending.close();
    session.stdin.unref();
  }
}

function isAway(error: unknown): boolean {
  return error instanceof PlottyError && error.code === "daemon.unreachable";
}

/** On the way out of the process nothing can be waited for; a terminal that is gone needs no restoring. */
function writeOut(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EIO" && code !== "EPIPE" && code !== "EAGAIN") throw error;
  }
}
