import type { Duplex } from "node:stream";
import type { Clock } from "../../shared/clock.ts";

/** One frame on its way out. */
export interface OutFrame {
  readonly type: string;
  /** A newer frame with this key makes an undelivered older one needless; null: never dropped. */
  readonly replaces: string | null;
  readonly frame: Buffer;
}

export interface OutboxLimits {
  /** Longest time that written bytes may wait for the client, ms. */
  readonly sendTimeoutMs: number;
  readonly maxBufferedBytes: number;
}

export interface OutboxEvents {
  /** Called once: the client stayed behind. */
  onTooSlow(): void;
  onConflated(): void;
  onSent(events: readonly OutFrame[]): void;
}

const EMPTY = Buffer.alloc(0);

/**
 * What is on its way to one socket. While the socket takes everything, events go straight through. Once bytes wait
 * in it, later events queue here: newest only where an event replaces an older one, all of them otherwise.
 */
export class Outbox {
  readonly #socket: Duplex;
  readonly #clock: Clock;
  readonly #limits: OutboxLimits;
  readonly #events: OutboxEvents;
  /** In order of delivery; null while nothing waits. The key is what the event replaces, or itself. */
  #queue: Map<unknown, OutFrame> | null = null;
  #queuedBytes = 0;
  /** Bytes of answers the client asked for, which do not count as staying behind. */
  #askedBytes = 0;
  #behindSinceMs: number | null = null;
  #cancelCheck: (() => void) | null = null;
  #whenCaughtUp: (() => void) | null = null;
  #closed = false;
  /** Neither behind nor closed: the one thing that the hot path looks at. */
  #isDirect = true;

  constructor(socket: Duplex, clock: Clock, limits: OutboxLimits, events: OutboxEvents) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#events = events;
  }

  /** Bytes that wait for the client, here and in the socket. */
  get lagBytes(): number {
    return this.#queuedBytes + this.#socket.writableLength;
  }

  /** @returns true when the socket took them at once; then `merged` (the frames of `events`) has been written */
  deliver(events: readonly OutFrame[], merged: Buffer): boolean {
    if (this.#isDirect) {
      this.#socket.write(merged);
      if (this.#socket.writableLength > 0) this.#watch();
      return true;
    }
    if (this.#closed) return false;
    for (const event of events) this.#enqueue(event);
    if (this.lagBytes - this.#askedBytes > this.#limits.maxBufferedBytes) this.#tooSlow();
    return false;
  }

  /** Writes an answer now, behind what is already queued. */
  reply(frame: Buffer): void {
    if (this.#closed) return;
    this.#askedBytes += frame.length;
    this.#writeQueue();
    this.#write(frame);
  }

  /** Calls back once, when the client has nothing outstanding: at once if that is so now. */
  whenCaughtUp(callback: () => void): void {
    if (this.#behindSinceMs === null) setImmediate(callback);
    else this.#whenCaughtUp = callback;
  }

  /** Nothing is written from here on: either side has begun to close. */
  close(): void {
    this.#closed = true;
    this.#isDirect = false;
    this.#queue = null;
    this.#queuedBytes = 0;
    this.#cancelCheck?.();
    this.#cancelCheck = null;
    this.#whenCaughtUp = null;
  }

  #write(bytes: Buffer): void {
    this.#socket.write(bytes);
    if (this.#socket.writableLength > 0) this.#watch();
    else this.#askedBytes = 0;
  }

  #enqueue(event: OutFrame): void {
    const key = event.replaces ?? event;
    this.#queue ??= new Map();
    const older = this.#queue.get(key);
    if (older) {
      this.#queue.delete(key);
      this.#queuedBytes -= older.frame.length;
      this.#events.onConflated();
    }
    this.#queue.set(key, event);
    this.#queuedBytes += event.frame.length;
  }

  /** From now until all bytes handed to the socket have left it the client counts as behind. */
  #watch(): void {
    if (this.#behindSinceMs !== null || this.#closed) return;
    this.#behindSinceMs = this.#clock.monotonicMs();
    this.#isDirect = false;
    this.#socket.write(EMPTY, (error) => {
      if (!error) this.#caughtUp();
    });
    this.#cancelCheck ??= this.#clock.after(this.#limits.sendTimeoutMs, () => this.#check());
  }

  #caughtUp(): void {
    if (this.#closed) return;
    this.#behindSinceMs = null;
    this.#isDirect = true;
    this.#askedBytes = 0;
    this.#writeQueue();
    if (this.#behindSinceMs !== null) return;
    const callback = this.#whenCaughtUp;
    this.#whenCaughtUp = null;
    callback?.();
  }

  #writeQueue(): void {
    if (this.#queue === null) return;
    const events = [...this.#queue.values()];
    this.#queue = null;
    this.#queuedBytes = 0;
    this.#write(Buffer.concat(events.map((event) => event.frame)));
    this.#events.onSent(events);
  }

  /** One timer serves many short waits: it looks when the oldest wait would be over, not at every write. */
  #check(): void {
    this.#cancelCheck = null;
    if (this.#behindSinceMs === null || this.#closed) return;
    const leftMs = this.#behindSinceMs + this.#allowedMs() - this.#clock.monotonicMs();
    if (leftMs <= 0) this.#lookAgain(this.#behindSinceMs);
    else this.#cancelCheck = this.#clock.after(leftMs, () => this.#check());
  }

  /** When this process was held up itself, the socket may have taken all long ago: let it tell first. */
  #lookAgain(behindSinceMs: number): void {
    setImmediate(() => {
      if (this.#closed || this.#behindSinceMs === null) return;
      if (this.#behindSinceMs === behindSinceMs) this.#tooSlow();
      else this.#cancelCheck ??= this.#clock.after(this.#limits.sendTimeoutMs, () => this.#check());
    });
  }

  /** A long answer may take its time: 64 KiB a second are enough. */
  #allowedMs(): number {
    return this.#limits.sendTimeoutMs + (this.#askedBytes / 65_536) * 1000;
  }

  #tooSlow(): void {
    this.close();
    this.#events.onTooSlow();
  }
}
