import type { WebSocket } from "ws";
import type { Clock } from "../../shared/clock.ts";

export interface KeepAliveSettings {
  readonly pingEveryMs: number;
  /** How long a ping may stay unanswered. */
  readonly answerWithinMs: number;
  /** Infinity: a silent client that answers pings may stay. */
  readonly idleMs: number;
}

/**
 * Pings the client, cuts the connection of one that does not answer, and reports one that has been silent for long.
 * One timer serves all three, because thousands of clients have one each.
 */
export class KeepAlive {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #settings: KeepAliveSettings;
  readonly #onIdle: () => void;
  #cancel: () => void = () => {};
  #lastFrameMs: number;
  #pingDueMs: number;
  /** Infinity while no ping is unanswered. */
  #answerDueMs = Number.POSITIVE_INFINITY;

  constructor(socket: WebSocket, clock: Clock, settings: KeepAliveSettings, onIdle: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#settings = settings;
    this.#onIdle = onIdle;
    this.#lastFrameMs = clock.monotonicMs();
    this.#pingDueMs = this.#lastFrameMs + settings.pingEveryMs;
    this.#wait();
  }

  /** The client sent a frame of any kind. */
  heard(): void {
    this.#lastFrameMs = this.#clock.monotonicMs();
    this.#answerDueMs = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    this.#cancel();
  }

  #wait(): void {
    const dueMs = Math.min(this.#pingDueMs, this.#answerDueMs, this.#lastFrameMs + this.#settings.idleMs);
    this.#cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.monotonicMs()), () => this.#look());
  }

  #look(): void {
    const now = this.#clock.monotonicMs();
    if (now >= this.#answerDueMs) return this.#socket.terminate();
    if (now >= this.#lastFrameMs + this.#settings.idleMs) return this.#onIdle();
    if (now >= this.#pingDueMs) this.#ping(now);
    this.#wait();
  }

  #ping(now: number): void {
    this.#socket.ping();
    this.#pingDueMs = now + this.#settings.pingEveryMs;
    this.#answerDueMs = Math.min(this.#answerDueMs, now + this.#settings.answerWithinMs);
  }
}
