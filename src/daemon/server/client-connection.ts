import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { CLOSE } from "./close-codes.ts";
import type { Connection } from "./connections.ts";
import { Dialogue, type DialogueParts } from "./dialogue.ts";
import type { EncodedEvent } from "./encoded-event.ts";
import type { Subscriber } from "./hub.ts";
import { Transport, type TransportParts } from "./transport.ts";

export type ClientParts = TransportParts & DialogueParts;

/** One client of `/ws`: its transport, what is said on it, and the events that it hears. */
export class ClientConnection implements Subscriber, Connection {
  readonly #transport: Transport;
  readonly #dialogue: Dialogue;
  knownSeq = 0;

  constructor(socket: WebSocket, stream: Duplex, parts: ClientParts) {
    const { config, hub } = parts;
    const pingEveryMs = config.heartbeat_interval * 1000;
    const settings = {
      keepAlive: { pingEveryMs, answerWithinMs: pingEveryMs },
      sendTimeoutMs: config.send_timeout * 1000,
    };
    this.#transport = new Transport(socket, stream, parts, settings, {
      onText: (text) => this.#dialogue.take(text),
      onRateLimited: (retryAfterS) => this.#dialogue.tellRateLimit(retryAfterS),
      onTooSlow: () => this.close(CLOSE.tooSlow, "too slow: subscribe again with since"),
      onEnd: () => hub.leave(this),
    });
    this.#dialogue = new Dialogue(this, this.#transport, parts);
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

  deliver(events: readonly EncodedEvent[], merged: Buffer): boolean {
    return this.#transport.deliver(events, merged);
  }

  /** What was published before goes out first. */
  close(code: number, reason: string): void {
    this.#transport.close(code, reason);
  }
}
