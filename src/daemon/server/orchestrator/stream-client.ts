import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Audience } from "../audience.ts";
import { CLOSE } from "../close-codes.ts";
import type { Connection } from "../connections.ts";
import type { OutFrame } from "../outbox.ts";
import {
  Transport,
  type TransportEvents,
  type TransportParts,
  type TransportSettings,
} from "../transport.ts";
import type { Admission } from "./tokens.ts";

/** As the seed promises: a ping every 20 s, 10 s to answer it, 1 s to take what was sent. */
export function streamSettings({ config }: TransportParts): TransportSettings {
  return {
    keepAlive: { pingEveryMs: 20_000, answerWithinMs: 10_000, idleMs: config.idle_timeout * 1000 },
    limits: { sendTimeoutMs: 1000, maxBufferedBytes: config.max_buffered_bytes },
  };
}

const NO_CHANNELS: readonly string[] = [];
/** A revoked key is noticed within so long. */
const RECHECK_MS = 5000;

/** One client of an orchestrator stream: it only listens; `ping` is answered, an error is a close code. */
export class StreamClient implements Connection, TransportEvents {
  readonly #parts: TransportParts;
  readonly #transport: Transport;
  readonly channels = NO_CHANNELS;
  #cancelRecheck: () => void = () => {};

  /** @param audience whose frames it hears beside what it is told alone; null: none */
  constructor(
    socket: WebSocket,
    stream: Duplex,
    admission: Admission,
    parts: TransportParts,
    settings: TransportSettings,
    audience: Audience | null,
  ) {
    this.#parts = parts;
    this.#transport = new Transport(socket, stream, parts, settings, this);
    this.#transport.hear(audience);
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

  tell(frame: OutFrame): void {
    this.#transport.tell(frame);
  }

  close(code: number, reason: string): void {
    this.#transport.close(code, reason);
  }

  onText(text: string): void {
    if (text === "ping") this.#transport.replyText("pong", "pong");
  }

  /** These streams know no error message: what is over the limit is dropped. */
  onRateLimited(): void {}

  onTooSlow(): void {
    this.#transport.cut();
  }

  onEnd(): void {
    this.#cancelRecheck();
    this.#transport.hear(null);
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
