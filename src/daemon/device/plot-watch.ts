import { type Clock, sleep, systemClock } from "../../shared/clock.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { kindOfMove, type PlanPosition } from "../../shared/plan.ts";
import type { ExecutedTracker } from "./executed.ts";
import type { PositionJournal } from "./journal.ts";
import type { Plotter } from "./plotter.ts";
import type { PowerWatch } from "./power-watch.ts";

/** Real time between two rounds of questions: as far as the pen gets in it may be drawn twice after a loss of power. */
const ASK_EVERY_MS = 40;
/** A board that takes its time for each answer is asked less: one answer in so many of its turns. */
const TURNS_A_ROUND = 8;
/** A question waits behind the motion that was sent before it, so several are under way; fewer than a board can buffer. */
const MOST_ROUNDS = 6;
/** A finger is slower than a loss of power: the button is asked for in one round of three. */
const ROUNDS_A_BUTTON = 3;
/** Of these rounds one is told: leaves room for a last word within ten a second. */
const TELL_EVERY_MS = 120;

/** Beside the way it was sent along, a board that counts rightly is found by a step or two. */
export const MOST_STRAY_MM = 0.3;

export interface WatchOptions {
  readonly plotter: Plotter;
  readonly tracker: ExecutedTracker;
  readonly journal: PositionJournal;
  readonly power: PowerWatch;
  /** Times the motors' supply; may run faster than real. */
  readonly clock: Clock;
  readonly onPlace: (at: PlanPosition, place: Point, penUp: boolean) => Promise<void>;
  readonly onButton: () => void;
  readonly onPowerLost: () => void;
  /** It may be back before the halted plot has come to its end. */
  readonly onPowerBack: () => void;
  /** The board counts steps that it was not sent: it has been reset. */
  readonly onCountLost: () => void;
}

export interface PlotWatch {
  end(): void;
  /** When it has ended: the last place to which the carriage certainly went, or null when there was none. */
  readonly lastSure: Promise<PlanPosition | null>;
}

/**
 * While a plot is drawn: asks the board, in line with its commands, where it is, whether its motors have power and whether its
 * button was pressed; keeps the place in the journal as long as the carriage certainly went there.
 */
export function watchPlot(options: WatchOptions): PlotWatch {
  const watch = new Watch(options);
  return { end: () => watch.done.abort(), lastSure: watch.run() };
}

class Watch {
  readonly done = new AbortController();
  readonly #options: WatchOptions;
  #rounds = 0;
  #lastSure: PlanPosition | null = null;
  /** What the board takes for an answer, ms: from one question's to the next one's, as sent together. */
  #answerMs = 0;
  /** From then on the board counts steps that the carriage did not go. */
  #lostPower = false;
  #toldMs = Number.NEGATIVE_INFINITY;
  #telling: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  async run(): Promise<PlanPosition | null> {
    const rounds = new Set<Promise<void>>();
    const { signal } = this.done;
    try {
      while (!signal.aborted) {
        if (rounds.size >= MOST_ROUNDS) await Promise.race(rounds);
        const round = this.#round();
        rounds.add(round);
        void round.then(
          () => rounds.delete(round),
          () => this.done.abort(), // awaited below
        );
        const everyMs = Math.max(ASK_EVERY_MS, TURNS_A_ROUND * this.#answerMs);
        await sleep(systemClock, everyMs, signal).catch(() => undefined);
      }
      await Promise.all(rounds);
      await this.#telling;
    } catch (error) {
      // The stream meets the same fault and tells it.
      if (!(error instanceof PlottyError)) throw error;
    }
    return this.#lastSure;
  }

  async #round(): Promise<void> {
    const { plotter, tracker, journal, power, clock, onButton, onPowerLost, onPowerBack, onCountLost } =
      this.#options;
    const sentBefore = tracker.mark();
    let placeMs = 0;
    const [place, supply, pressed] = await Promise.all([
      plotter.executedPosition().finally(() => {
        placeMs = systemClock.monotonicMs();
      }),
      plotter.motorPower().finally(() => this.#timeAnswer(systemClock.monotonicMs() - placeMs)),
      this.#rounds++ % ROUNDS_A_BUTTON === 0 ? plotter.buttonPressed() : false,
    ]);
    if (this.done.signal.aborted) return;
    if (pressed) onButton();
    const change = power.read(supply, clock.monotonicMs());
    if (change === "lost") {
      this.#lostPower = true;
      onPowerLost();
    }
    if (change === "back") onPowerBack();
    if (tracker.strayMm(place, sentBefore) > MOST_STRAY_MM) return onCountLost();
    const at = tracker.executed(place, sentBefore);
    if (power.isSure && !this.#lostPower) {
      journal.write(at);
      this.#lastSure = at;
    }
    this.#tell(at, place);
  }

  #timeAnswer(ms: number): void {
    this.#answerMs += (ms - this.#answerMs) / 4;
  }

  /** One at a time: a plan on a slow disk delays news, not questions. */
  #tell(at: PlanPosition, place: Point): void {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - this.#toldMs < TELL_EVERY_MS) return;
    this.#toldMs = nowMs;
    this.#telling = this.#telling.then(() =>
      this.#options.onPlace(at, place, kindOfMove(at.move) !== "draw"),
    );
    this.#telling.catch(() => this.done.abort()); // awaited at the end
  }
}
