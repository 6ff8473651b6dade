import { PlottyError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type { ServerFrame } from "../../shared/ws-messages.ts";
import { Connection, type Link } from "../client/connection.ts";
import { orderJobs } from "../client/order-jobs.ts";
import { isEvent } from "../client/vocabulary.ts";
import { whenAborted } from "../client/when-aborted.ts";
import { addressOf, apiOf, themeFor } from "../commands/context.ts";
import type { Watch } from "../commands/monitor.ts";
import { type Session, say } from "../session.ts";
import { eventLine, stateLines } from "../text/event-line.ts";
import { LineWriter } from "../text/line-writer.ts";
import type { Theme } from "../text/theme.ts";
import { type CurrentState, stateRecords } from "./once.ts";
import { watchReader } from "./reader-watch.ts";
import { verdictOf, verdictOnEnd } from "./until.ts";

/**
 * Every event as a line, for ever: JSON exactly as received, or words. The current state comes first. A slow reader
 * stops the reading of the socket, so nothing piles up; a daemon that goes away is waited for.
 */
export async function follow(session: Session, watch: Watch): Promise<number> {
  const follower = new Follower(session, watch);
  const stopListening = whenAborted(session.signal, () => follower.fail(session.signal.reason));
  const stopWatching = watchReader(session.stdout.fd, () => follower.end(0));
  try {
    return await follower.verdict;
  } finally {
    stopWatching();
    stopListening();
    await follower.close();
  }
}

class Follower {
  /** The exit code, once `--until` or `--timeout` has come. */
  readonly verdict: Promise<number>;
  readonly #session: Session;
  readonly #watch: Watch;
  readonly #theme: Theme;
  readonly #writer: LineWriter;
  readonly #connection: Connection;
  readonly #timer: NodeJS.Timeout | undefined;
  #isAway = false;
  #onVerdict: (exitCode: number) => void = () => {};
  #onFailure: (reason: unknown) => void = () => {};

  constructor(session: Session, watch: Watch) {
    this.#session = session;
    this.#watch = watch;
    this.#theme = themeFor(session, watch, session.stdout);
    this.verdict = new Promise((resolve, reject) => {
      this.#onVerdict = resolve;
      this.#onFailure = reject;
    });
    this.#writer = new LineWriter(
      session.stdout,
      () => this.#connection.pause(),
      () => this.#connection.resume(),
    );
    this.#connection = new Connection({
      address: addressOf(session, watch),
      channels: watch.channels,
      jobId: watch.jobId,
      level: watch.level,
      snapshot: "first",
      onFrame: (frame, text) => this.#receive(frame, text),
      ...(handsOn(watch) ? { onEventText: (text) => this.#writer.write(text) } : {}),
      onLink: (link) => this.#linked(link),
    });
    if (watch.timeoutMs !== undefined) this.#timer = setTimeout(() => this.#timeUp(), watch.timeoutMs);
  }

  end(exitCode: number): void {
    this.#onVerdict(exitCode);
  }

  fail(reason: unknown): void {
    this.#onFailure(reason);
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#connection.close();
    return this.#writer.drained();
  }

  #receive(frame: ServerFrame, text: string): void {
    if (frame.type === "error") say(this.#session, `plotty: the daemon says: ${frame.message}`);
    else if (frame.type === "snapshot") this.#tellState(filtered(frame, this.#watch));
    else if (isEvent(frame) || frame.type === "gap") this.#tellEvent(frame, text);
    const verdict = verdictOf(frame, this.#watch);
    if (verdict !== undefined) this.#onVerdict(verdict);
  }

  #tellState(state: CurrentState): void {
    const { system, devices, jobs } = state;
    const isJson = this.#watch.format === "json";
    const lines = isJson ? stateRecords(state) : stateLines(system, devices, jobs, this.#theme);
    for (const line of lines) this.#writer.write(line);
  }

  #tellEvent(frame: ServerFrame, text: string): void {
    const line = this.#watch.format === "json" ? text : eventLine(frame, this.#theme);
    if (line !== undefined) this.#writer.write(line);
  }

  #linked(link: Link): void {
    if (link.state === "refused") this.#onFailure(link.error);
    if (link.state === "lost" && !this.#isAway) {
      this.#isAway = true;
      const { wsUrl } = addressOf(this.#session, this.#watch);
      say(this.#session, `plotty: ${wsUrl} is away (${link.reason}): trying again until it answers`);
    }
    if (link.state !== "live") return;
    this.#isAway = false;
    if (this.#watch.until && this.#watch.jobId !== undefined) void this.#lookAtJob(this.#watch.jobId);
  }

  /** The job may have ended before anyone listened. */
  async #lookAtJob(id: string): Promise<void> {
    try {
      const { state } = await apiOf(this.#session, this.#watch).job(id);
      const verdict = isFinished(state) ? verdictOnEnd(state, this.#watch) : undefined;
      if (verdict !== undefined) this.#onVerdict(verdict);
    } catch (error) {
      const isAway = error instanceof PlottyError && error.code === "daemon.unreachable";
      if (!isAway) this.#onFailure(error); // a daemon that is away will be asked again when it is back
    }
  }

  #timeUp(): void {
    const { until, timeoutMs } = this.#watch;
    if (!until) this.#onVerdict(0);
    else this.#onFailure(new PlottyError("internal", `not ${until} within ${timeoutMs! / 1000} s`));
  }
}

/** Whether events only pass through: as JSON, and with nobody who waits for one of them. */
function handsOn({ format, until }: Watch): boolean {
  return format === "json" && until === undefined;
}

/** A snapshot holds everything; the filters of this call are applied to it here. */
function filtered(state: CurrentState, { channels, jobId }: Watch): CurrentState {
  return {
    jobs: channels.includes("jobs") ? orderJobs(state.jobs.filter(({ id }) => (jobId ?? id) === id)) : [],
    devices: channels.includes("device") ? state.devices : [],
    system: channels.includes("system") ? state.system : null,
  };
}
