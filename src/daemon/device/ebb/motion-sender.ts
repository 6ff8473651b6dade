import { type Clock, sleep } from "../../../shared/clock.ts";
import type { CommandQueue } from "./command-queue.ts";
import { type Command, queryMotors } from "./commands.ts";
import { MotionBacklog } from "./motion-backlog.ts";

/**
 * Motion in the board and on the way to it above which nothing is sent, where the caller does not say. With one slice of
 * at most 50 ms on top, 200 ms.
 */
const QUEUE_TARGET_MS = 150;
/** Slices of 6 ms bridge a tenth of a second so; Linux passes as many writes to a USB serial port at once. */
const MOST_UNACKNOWLEDGED = 16;
/** One running and one behind it: with fewer, short slices would leave the board without work. */
const FEWEST_COMMANDS = 2;
const DRAIN_POLL_MS = 5;
/** A timer that is this little late was on time; one is always set while somebody waits. */
const PUNCTUAL_MS = 2;
const LONGEST_SLEEP_MS = 20;

/** Keeps the board's FIFO fed and the caller back. */
export class MotionSender {
  readonly #queue: CommandQueue;
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #backlog = new MotionBacklog();
  #changed: (() => void)[] = [];
  #stops = 0;
  /** When this process is to be awake at the latest; long ago while nobody waits. */
  #wakesMs = Number.NEGATIVE_INFINITY;

  /** @param speed how many times faster than real the clock runs */
  constructor(queue: CommandQueue, clock: Clock, speed: number) {
    this.#queue = queue;
    this.#clock = clock;
    this.#speed = speed;
  }

  /** Motion not yet executed, ms. */
  get queuedMs(): number {
    return this.#backlog.queuedMs(this.#clock.monotonicMs());
  }

  get starvations(): number {
    return this.#backlog.starvations;
  }

  /** Sends at once. @param joins the pen passes into it at speed */
  send(command: Command<undefined>, joins: boolean): void {
    this.#backlog.sent(this.#clock.monotonicMs(), command.motionMs ?? 0, joins);
    this.#queue.send(command).then(
      () => {
        const nowMs = this.#clock.monotonicMs();
        this.#backlog.acknowledged(nowMs, nowMs <= this.#wakesMs + PUNCTUAL_MS * this.#speed);
        this.#wake();
      },
      () => this.#wake(), // the queue keeps its failure: whoever waits, and every later call, gets it
    );
  }

  /** Resolves when another command may be sent, or when motion was stopped meanwhile; rejects when none ever may. */
  async room(targetMs = QUEUE_TARGET_MS): Promise<void> {
    const stops = this.#stops;
    while (!this.#hasRoom(targetMs) && this.#stops === stops) await this.#change(targetMs);
    if (this.#queue.failure) throw this.#queue.failure;
  }

  /** Resolves when the board says that nothing moves and nothing waits. */
  async drained(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const busy = await this.#queue.send(queryMotors);
      if (!busy) return;
      await sleep(this.#clock, Math.max(this.queuedMs, DRAIN_POLL_MS), signal);
    }
  }

  strokeEnded(): void {
    this.#backlog.strokeEnded();
  }

  /** Motion is about to be stopped: nobody need wait for it any longer. */
  stopping(): void {
    this.#stops++;
    this.#wake();
  }

  /** The queue has failed: whoever waits is told. */
  failed(): void {
    this.#wake();
  }

  /** The board has dropped its motion. */
  stopped(): void {
    this.#backlog.cleared(this.#clock.monotonicMs());
    this.#wake();
  }

  #hasRoom(targetMs: number): boolean {
    if (this.#queue.failure) return true;
    if (this.#awaitsTooMany) return false;
    if (this.#backlog.commands(this.#clock.monotonicMs()) < FEWEST_COMMANDS) return true;
    return this.queuedMs <= targetMs * this.#speed;
  }

  get #awaitsTooMany(): boolean {
    return this.#backlog.unacknowledged >= MOST_UNACKNOWLEDGED * this.#speed;
  }

  /** Resolves at the next acknowledgement or failure, or when enough of the queue should have been executed. */
  #change(targetMs: number): Promise<void> {
    const leftMs = this.#awaitsTooMany ? Number.POSITIVE_INFINITY : this.queuedMs - targetMs * this.#speed;
    const delayMs = Math.max(1, Math.min(leftMs, LONGEST_SLEEP_MS * this.#speed));
    this.#wakesMs = this.#clock.monotonicMs() + delayMs;
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#changed = this.#changed.filter((each) => each !== wake);
        resolve();
      };
      const cancel = this.#clock.after(delayMs, wake);
      this.#changed.push(wake);
    });
  }

  #wake(): void {
    for (const changed of this.#changed.splice(0)) changed();
  }
}
