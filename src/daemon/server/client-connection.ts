import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { CLOSE } from "./close-codes.ts";
import type { Connection } from "./connections.ts";
import { Dialogue, type DialogueParts } from "./dialogue.ts";
import { Transport, type TransportEvents, type TransportParts, type TransportSettings } from "./transport.ts";

export type ClientParts = TransportParts & DialogueParts;

/** What the configuration says about connections to `/ws`. */
export function clientSettings({ config }: ClientParts): TransportSettings {
  const pingEveryMs = config.heartbeat_interval * 1000;
  return {
    keepAlive: { pingEveryMs, answerWithinMs: pingEveryMs, idleMs: config.idle_timeout * 1000 },
    limits: { sendTimeoutMs: config.send_timeout * 1000, maxBufferedBytes: config.max_buffered_bytes },
  };
}

/** One client of `/ws`: its transport, what is said on it, and the events that it hears. */
export class ClientConnection implements Connection, TransportEvents {
  readonly #parts: ClientParts;
  readonly #transport: Transport;
  readonly #dialogue: Dialogue;

  constructor(socket: WebSocket, stream: Duplex, parts: ClientParts, settings: TransportSettings) {
    this.#parts = parts;
    this.#transport = new Transport(socket, stream, parts, settings, this);
    this.#dialogue = new Dialogue(this.#transport, parts);
  }

  get channels(): string[] {
    return this.#dialogue.heldChannels;
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

  /** What was published before goes out first. */
  close(code: number, reason: string): void {
    this.#transport.close(code, reason);
  }

  onText(text: string): void {
    this.#dialogue.take(text);
  }

  onRateLimited(retryAfterS: number): void {
    this.#dialogue.tellRateLimit(retryAfterS);
  }

  onTooSlow(): void {
    this.close(CLOSE.tooSlow, "too slow: subscribe again with since");
  }

  onEnd(): void {
    this.#parts.hub.leave(this.#transport);
  }
}
