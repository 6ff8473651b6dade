import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../../shared/clock.ts";
import type { Config } from "../../config-schema.ts";
import { CLOSE } from "../close-codes.ts";
import type { Connection } from "../connections.ts";
import { textFrame } from "../frame.ts";
import { KeepAlive } from "../keep-alive.ts";
import { Outbox, type OutFrame } from "../outbox.ts";
import { RateLimit } from "../rate-limit.ts";
import type { Traffic } from "../traffic.ts";
import type { Admission } from "./tokens.ts";

export interface StreamClientParts {
  readonly config: Config["websocket"];
  readonly clock: Clock;
  readonly traffic: Traffic;
}

/** As the seed promises: a ping every 20 s, 10 s to answer it, 1 s to take what was sent. */
const PING_EVERY_MS = 20_000;
const ANSWER_WITHIN_MS = 10_000;
const SEND_TIMEOUT_MS = 1000;
/** A revoked key is noticed within so long. */
const RECHECK_MS = 5000;

/** One client of an orchestrator stream: it only listens; `ping` is answered, an error is a close code. */
export class StreamClient implements Connection {
  readonly #socket: WebSocket;
  readonly #parts: StreamClientParts;
  readonly #outbox: Outbox;
  readonly #keepAlive: KeepAlive;
  readonly #rateLimit: RateLimit;
  readonly channels: readonly string[] = [];
  #cancelRecheck: () => void = () => {};
  #closed = false;
  sentMessages = 0;
  sentBytes = 0;

  constructor(socket: WebSocket, stream: Duplex, admission: Admission, parts: StreamClientParts) {
    const { config, clock } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#rateLimit = new RateLimit(clock, config.rate_limit);
    const limits = { sendTimeoutMs: SEND_TIMEOUT_MS, maxBufferedBytes: config.max_buffered_bytes };
    this.#outbox = new Outbox(stream, clock, limits, {
      isOpen: () => socket.readyState === socket.OPEN,
      onTooSlow: () => this.#cut(),
      onConflated: () => {
        parts.traffic.conflated += 1;
      },
      onSent: (frames) => this.#count(frames),
    });
    const settings = {
      pingEveryMs: PING_EVERY_MS,
      answerWithinMs: ANSWER_WITHIN_MS,
      idleMs: config.idle_timeout * 1000,
    };
    this.#keepAlive = new KeepAlive(socket, clock, settings, () => this.#idle());
    this.#listen();
    this.#recheck(admission);
  }

  get lagBytes(): number {
    return this.#outbox.lagBytes;
  }

  deliver(frame: OutFrame): void {
    if (this.#outbox.deliver([frame], frame.frame)) this.#count([frame]);
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#end();
    this.#socket.close(code, reason);
    const cancel = this.#parts.clock.after(1000, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }

  #listen(): void {
    this.#socket.on("message", (data, isBinary) => this.#onFrame(data, isBinary));
    this.#socket.on("pong", () => this.#keepAlive.heard());
    this.#socket.on("ping", (data) => {
      this.#keepAlive.heard();
      if (this.#outbox.lagBytes === 0) this.#socket.pong(data);
    });
    this.#socket.once("close", () => this.#end());
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    this.#keepAlive.heard();
    if (this.#closed) return;
    this.#parts.traffic.messagesIn += 1;
    if (isBinary) return this.close(CLOSE.binaryFrame, "plotty speaks text frames only");
    const verdict = this.#rateLimit.take();
    if (verdict !== "ok") this.#parts.traffic.rateLimited += 1;
    if (verdict === "end") return this.close(CLOSE.flooding, "too many messages");
    if (verdict === "ok" && data.toString() === "ping") this.#outbox.reply(textFrame("pong"));
  }

  /** Looks again and again whether the token still holds, and at the moment when it ends. */
  #recheck(admission: Admission): void {
    if (this.#closed) return;
    const leftMs =
      admission.untilMs === null ? Number.POSITIVE_INFINITY : admission.untilMs - this.#parts.clock.wallMs();
    if (leftMs <= 0) return this.close(CLOSE.unauthorised, "the token has expired");
    if (!admission.isValid()) return this.close(CLOSE.unauthorised, "the key was revoked");
    this.#cancelRecheck = this.#parts.clock.after(Math.min(RECHECK_MS, leftMs), () =>
      this.#recheck(admission),
    );
  }

  #count(frames: readonly OutFrame[]): void {
    this.#parts.traffic.sent(frames, 1);
    this.sentMessages += frames.length;
    for (const { frame } of frames) this.sentBytes += frame.length;
  }

  #idle(): void {
    this.#parts.traffic.closedIdle += 1;
    this.close(CLOSE.idle, "idle");
  }

  #cut(): void {
    this.#parts.traffic.closedSlow += 1;
    this.#end();
    this.#socket.terminate();
  }

  #end(): void {
    this.#closed = true;
    this.#cancelRecheck();
    this.#keepAlive.stop();
    this.#outbox.close();
  }
}
