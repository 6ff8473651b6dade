import type { WebSocket } from "ws";
import type { Clock } from "../../shared/clock.ts";

export interface KeepAliveSettings {
  readonly pingEveryMs: number;
  /** How long a ping may stay unanswered. */
  readonly answerWithinMs: number;
  /** Infinity: a silent client that answers pings may stay. */
  readonly idleMs: number;
}

/** Pings the client, cuts the connection of one that does not answer, and reports one that has been silent for long. */
export class KeepAlive {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #settings: KeepAliveSettings;
  readonly #onIdle: () => void;
  readonly #cancel = new Set<() => void>();
  #lastFrameMs: number;

  constructor(socket: WebSocket, clock: Clock, settings: KeepAliveSettings, onIdle: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#settings = settings;
    this.#onIdle = onIdle;
    this.#lastFrameMs = clock.monotonicMs();
    this.#after(settings.pingEveryMs, () => this.#ping());
    if (Number.isFinite(settings.idleMs)) this.#after(settings.idleMs, () => this.#checkIdle());
  }

  /** The client sent a frame of any kind. */
  heard(): void {
    this.#lastFrameMs = this.#clock.monotonicMs();
  }

  stop(): void {
    for (const cancel of this.#cancel) cancel();
    this.#cancel.clear();
  }

  #ping(): void {
    const askedMs = this.#clock.monotonicMs();
    this.#socket.ping();
    this.#after(this.#settings.answerWithinMs, () => {
      if (this.#lastFrameMs < askedMs) this.#socket.terminate();
    });
    this.#after(this.#settings.pingEveryMs, () => this.#ping());
  }

  #checkIdle(): void {
    const leftMs = this.#lastFrameMs + this.#settings.idleMs - this.#clock.monotonicMs();
    if (leftMs <= 0) this.#onIdle();
    else this.#after(leftMs, () => this.#checkIdle());
  }

  #after(delayMs: number, run: () => void): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#cancel.delete(cancel);
      run();
    });
    this.#cancel.add(cancel);
  }
}
