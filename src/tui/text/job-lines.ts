import type { JobTeller } from "../client/follow-job.ts";
import { type Session, say } from "../session.ts";
import { formatDuration, formatPercent, oneLine } from "./format.ts";
import { progressBar } from "./progress-bar.ts";
import type { Theme } from "./theme.ts";

const BAR_CELLS = 30;
const REDRAW_MS = 100;

/** Tells of one job on stderr: a live bar on a terminal; in a pipe a line for each change and each tenth of the way. */
export class JobLines implements JobTeller {
  readonly #session: Session;
  readonly #theme: Theme;
  readonly #isLive: boolean;
  #tenths = 0;
  #isAway = false;
  #barIsShown = false;
  #drawnMs = 0;

  constructor(session: Session, theme: Theme) {
    this.#session = session;
    this.#theme = theme;
    this.#isLive = session.stderr.isTTY === true && session.env.TERM !== "dumb";
  }

  changed({ job_id, to_state, reason, metadata }: Parameters<JobTeller["changed"]>[0]): void {
    const state = this.#theme.job[to_state](`${this.#theme.glyphs.job[to_state]} ${to_state}`);
    const time = metadata.estimated_time;
    const takes = to_state === "QUEUED" && time !== null ? `, will take ${formatDuration(time)}` : "";
    this.#line(`${job_id}  ${state}  ${oneLine(reason)}${takes}`);
    if (to_state === "PAUSED") this.#line(`to go on:  plotty resume ${job_id}`);
  }

  progressed({ job_id, progress, estimated_remaining }: Parameters<JobTeller["progressed"]>[0]): void {
    if (this.#isLive) this.#drawBar(progress, estimated_remaining);
    const tenths = Math.floor(progress * 10 + 1e-9);
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    if (!this.#isLive) {
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
    this.#clearBar();
  }

  #line(text: string): void {
    this.#clearBar();
    say(this.#session, text);
  }

  #drawBar(share: number, leftS: number): void {
    if (performance.now() - this.#drawnMs < REDRAW_MS && share < 1) return;
    this.#drawnMs = performance.now();
    const words = ` ${formatPercent(share).padStart(4)}  ${formatDuration(leftS)} left`;
    const cells = Math.max(5, Math.min(BAR_CELLS, (this.#session.stderr.columns ?? 80) - words.length - 1));
    this.#session.stderr.write(`\r${progressBar(share, cells, this.#theme.glyphs)}${words}\x1b[K`);
    this.#barIsShown = true;
  }

  #clearBar(): void {
    if (this.#barIsShown) this.#session.stderr.write("\r\x1b[K");
    this.#barIsShown = false;
  }
}
