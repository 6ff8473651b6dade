import type { JobTeller } from "../client/follow-job.ts";
import { type Session, say } from "../session.ts";
import { BarLine } from "./bar-line.ts";
import { formatDuration, formatPercent, oneLine } from "./format.ts";
import { Meter } from "./meter.ts";
import type { Theme } from "./theme.ts";

/** Tells of one job on stderr: a live bar on a terminal; in a pipe a line for each change and each tenth of the way. */
export class JobLines implements JobTeller {
  readonly #session: Session;
  readonly #theme: Theme;
  readonly #bar: BarLine;
  /** While the daemon plans. */
  #planning: Meter | undefined;
  #tenths = 0;
  #isAway = false;

  constructor(session: Session, theme: Theme) {
    this.#session = session;
    this.#theme = theme;
    this.#bar = new BarLine(session, theme);
  }

  changed({ job_id, to_state, reason, metadata }: Parameters<JobTeller["changed"]>[0]): void {
    const state = this.#theme.job[to_state](`${this.#theme.glyphs.job[to_state]} ${to_state}`);
    const time = metadata.estimated_time;
    const takes = to_state === "QUEUED" && time !== null ? `, will take ${formatDuration(time)}` : "";
    this.#line(`${job_id}  ${state}  ${oneLine(reason)}${takes}`);
    if (to_state === "PAUSED") this.#line(`to go on:  plotty resume ${job_id}`);
    if (to_state === "PLANNING") this.#planning = new Meter(this.#session, this.#theme, `planning ${job_id}`);
  }

  progressed({ job_id, progress, estimated_remaining }: Parameters<JobTeller["progressed"]>[0]): void {
    const words = `${formatPercent(progress).padStart(4)}  ${formatDuration(estimated_remaining)} left`;
    this.#bar.draw(progress, words);
    const tenths = Math.floor(progress * 10 + 1e-9);
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    if (!this.#bar.isLive) {
      this.#line(`${job_id}  ${formatPercent(tenths / 10)}, ${formatDuration(estimated_remaining)} left`);
    }
  }

  alerted({ level, message }: Parameters<JobTeller["alerted"]>[0]): void {
    this.#line(
      `${this.#theme.level[level](`${this.#theme.glyphs.level[level]} ${level}`)}  ${oneLine(message)}`,
    );
  }

  noted(note: string): void {
    this.#line(`note: ${oneLine(note)}`);
  }

  linked(link: Parameters<JobTeller["linked"]>[0]): void {
    if (link.state === "lost" && !this.#isAway) {
      this.#isAway = true;
      this.#line(`the daemon is away (${link.reason}); waiting for it`);
    } else if (link.state === "live" && this.#isAway) {
      this.#isAway = false;
      this.#line("the daemon is back");
    }
  }

  /** Nothing more will be told: leaves the cursor on a line of its own. */
  end(): void {
    this.#planning?.end();
    this.#planning = undefined;
    this.#bar.clear();
  }

  #line(text: string): void {
    this.end();
    say(this.#session, text);
  }
}
