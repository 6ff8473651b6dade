import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../shared/clock.ts";
import type { Config } from "../config-schema.ts";
import { CLOSE } from "./close-codes.ts";
import { textFrame } from "./frame.ts";
import { KeepAlive, type KeepAliveSettings } from "./keep-alive.ts";
import { Outbox, type OutFrame } from "./outbox.ts";
import { RateLimit } from "./rate-limit.ts";
import type { Traffic } from "./traffic.ts";

export interface TransportParts {
  readonly config: Config["websocket"];
  readonly clock: Clock;
  readonly traffic: Traffic;
}

export interface TransportSettings {
  readonly keepAlive: Omit<KeepAliveSettings, "idleMs">;
  readonly sendTimeoutMs: number;
}

export interface TransportEvents {
  onText(text: string): void;
  /** Told once a window; the messages over the limit are dropped. */
  onRateLimited(retryAfterS: number): void;
  onTooSlow(): void;
  /** Called once: nothing more comes in or goes out. */
  onEnd(): void;
}

/** Time a client has to answer a close frame before it is cut, ms. */
const GOODBYE_MS = 1000;

/** One open WebSocket, whatever is spoken on it: limits, pings, what is on its way out, and the end. */
export class Transport {
  readonly #socket: WebSocket;
  readonly #parts: TransportParts;
  readonly #events: TransportEvents;
  readonly #outbox: Outbox;
  readonly #keepAlive: KeepAlive;
  readonly #rateLimit: RateLimit;
  #ended = false;
  sentMessages = 0;
  sentBytes = 0;

  constructor(
    socket: WebSocket,
    stream: Duplex,
    parts: TransportParts,
    settings: TransportSettings,
    events: TransportEvents,
  ) {
    const { config, clock, traffic } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#events = events;
    this.#rateLimit = new RateLimit(clock, config.rate_limit);
    const limits = { sendTimeoutMs: settings.sendTimeoutMs, maxBufferedBytes: config.max_buffered_bytes };
    this.#outbox = new Outbox(stream, clock, limits, {
      isOpen: () => socket.readyState === socket.OPEN,
      onTooSlow: () => this.#tooSlow(),
      onConflated: () => {
        traffic.conflated += 1;
      },
      onSent: (frames) => this.#count(frames),
    });
    const keepAlive = { ...settings.keepAlive, idleMs: config.idle_timeout * 1000 };
    this.#keepAlive = new KeepAlive(socket, clock, keepAlive, () => this.#idle());
    this.#listen();
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  get lagBytes(): number {
    return this.#outbox.lagBytes;
  }

  /** @returns true when `merged`, the bytes of `frames`, went out at once; the caller then counts them as traffic */
  deliver(frames: readonly OutFrame[], merged: Buffer): boolean {
    if (!this.#outbox.deliver(frames, merged)) return false;
    this.sentMessages += frames.length;
    this.sentBytes += merged.length;
    return true;
  }

  /** Sends what the client asked for, behind what is due to it. */
  reply(frames: readonly OutFrame[]): void {
    if (frames.length === 0) return;
    this.#outbox.reply(Buffer.concat(frames.map(({ frame }) => frame)));
    this.#count(frames);
  }

  replyText(text: string, type: string): void {
    this.reply([{ type, replaces: null, frame: textFrame(text) }]);
  }

  whenCaughtUp(callback: () => void): void {
    this.#outbox.whenCaughtUp(callback);
  }

  /** Says good-bye, and cuts the connection when the client does not answer. */
  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#socket.close(code, reason);
    const cancel = this.#parts.clock.after(GOODBYE_MS, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }

  cut(): void {
    this.#end();
    this.#socket.terminate();
  }

  #listen(): void {
    this.#socket.on("message", (data, isBinary) => this.#onFrame(data, isBinary));
    this.#socket.on("pong", () => this.#keepAlive.heard());
    this.#socket.on("ping", (data) => {
      this.#keepAlive.heard();
      // A flood of pings from one who does not read must not pile up answers.
      if (this.#outbox.lagBytes === 0) this.#socket.pong(data);
    });
    this.#socket.once("close", () => this.#end());
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    this.#keepAlive.heard();
    if (this.#ended) return;
    this.#parts.traffic.messagesIn += 1;
    if (isBinary) return this.close(CLOSE.binaryFrame, "plotty speaks text frames only");
    const verdict = this.#rateLimit.take();
    if (verdict === "ok") return this.#events.onText(data.toString());
    this.#parts.traffic.rateLimited += 1;
    if (verdict === "tell") this.#events.onRateLimited(this.#rateLimit.retryAfterS);
    if (verdict === "end") this.close(CLOSE.flooding, "too many messages");
  }

  #count(frames: readonly OutFrame[]): void {
    this.#parts.traffic.sent(frames, 1);
    this.sentMessages += frames.length;
    for (const { frame } of frames) this.sentBytes += frame.length;
  }

  #tooSlow(): void {
    this.#parts.traffic.closedSlow += 1;
    this.#events.onTooSlow();
  }

  #idle(): void {
    this.#parts.traffic.closedIdle += 1;
    this.close(CLOSE.idle, "idle");
  }

  #end(): void {
    if (this.#ended) return;
    this.#events.onEnd();
    this.#ended = true;
    this.#keepAlive.stop();
    this.#outbox.close();
  }
}
