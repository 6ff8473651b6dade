import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { CLOSE } from "../close-codes.ts";
import type { Connection } from "../connections.ts";
import type { OutFrame } from "../outbox.ts";
import { Transport, type TransportParts } from "../transport.ts";
import type { Admission } from "./tokens.ts";

/** As the seed promises: a ping every 20 s, 10 s to answer it, 1 s to take what was sent. */
const SETTINGS = { keepAlive: { pingEveryMs: 20_000, answerWithinMs: 10_000 }, sendTimeoutMs: 1000 };
/** A revoked key is noticed within so long. */
const RECHECK_MS = 5000;

/** One client of an orchestrator stream: it only listens; `ping` is answered, an error is a close code. */
export class StreamClient implements Connection {
  readonly #parts: TransportParts;
  readonly #transport: Transport;
  readonly channels: readonly string[] = [];
  #cancelRecheck: () => void = () => {};

  constructor(socket: WebSocket, stream: Duplex, admission: Admission, parts: TransportParts) {
    this.#parts = parts;
    this.#transport = new Transport(socket, stream, parts, SETTINGS, {
      onText: (text) => {
        if (text === "ping") this.#transport.replyText("pong", "pong");
      },
      onRateLimited: () => {},
      onTooSlow: () => this.#transport.cut(),
      onEnd: () => this.#cancelRecheck(),
    });
    this.#recheck(admission);
  }

  get lagBytes(): number {
    return this.#transport.lagBytes;
  }

  get sentMessages(): number {
    return this.#transport.sentMessages;
  }

  get sentBytes(): number {
    return this.#transport.sentBytes;
  }

  deliver(frame: OutFrame): void {
    if (this.#transport.deliver([frame], frame.frame)) this.#parts.traffic.sent([frame], 1);
  }

  close(code: number, reason: string): void {
    this.#transport.close(code, reason);
  }

  /** Looks again and again whether the token still holds, and at the moment when it ends. */
  #recheck(admission: Admission): void {
    if (this.#transport.isEnded) return;
    const { clock } = this.#parts;
    const leftMs = admission.untilMs === null ? Number.POSITIVE_INFINITY : admission.untilMs - clock.wallMs();
    if (leftMs <= 0) return this.close(CLOSE.unauthorised, "the token has expired");
    if (!admission.isValid()) return this.close(CLOSE.unauthorised, "the key was revoked");
    this.#cancelRecheck = clock.after(Math.min(RECHECK_MS, leftMs), () => this.#recheck(admission));
  }
}
