import type { Clock } from "../../shared/clock.ts";
import type { Outbox, OutFrame } from "./outbox.ts";
import type { Traffic } from "./traffic.ts";

/** A frame that many hear. */
export interface CastFrame extends OutFrame {
  /** Its number when it is durable, else 0. */
  readonly seq: number;
}

/** One of those who hear the same. */
export interface Hearer {
  readonly outbox: Outbox;
  /** Durable events up to here are known to it already. */
  readonly knownSeq: number;
  /** What went to all others did not go to this one at once: it is behind, or knew it. */
  missed(messages: number, bytes: number): void;
}

/**
 * Those who hear the same. What falls due in one turn of the event loop goes to each as one write of one shared buffer:
 * the write is what a delivery costs. What was sent is counted once for all of them, not once for each.
 */
export class Audience {
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #members = new Map<Outbox, Hearer>();
  #pending: CastFrame[] = [];
  #pendingSinceMs = 0;
  /** Sums over all turns: what a member was sent is their growth since it joined, less what it missed. */
  messages = 0;
  bytes = 0;

  constructor(clock: Clock, traffic: Traffic) {
    this.#clock = clock;
    this.#traffic = traffic;
  }

  get size(): number {
    return this.#members.size;
  }

  /** From the next frame on. */
  add(hearer: Hearer): void {
    this.flush();
    this.#members.set(hearer.outbox, hearer);
  }

  /** What was told before still goes out to it. */
  remove(hearer: Hearer): void {
    this.flush();
    this.#members.delete(hearer.outbox);
  }

  tell(frame: CastFrame): void {
    if (this.#members.size === 0) return;
    this.#pending.push(frame);
    if (this.#pending.length > 1) return;
    this.#pendingSinceMs = this.#clock.monotonicMs();
    setImmediate(() => this.flush());
  }

  /** Writes what is pending now, not at the end of the turn. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const frames = this.#pending;
    this.#pending = [];
    const merged = mergeFrames(frames);
    this.messages += frames.length;
    this.bytes += merged.length;
    const firstSeq = frames.find(({ seq }) => seq > 0)?.seq ?? 0;
    const direct = firstSeq > 0 ? this.#sendNews(frames, merged, firstSeq) : this.#send(frames, merged);
    this.#traffic.sent(frames, direct);
    this.#traffic.delivered(this.#clock.monotonicMs() - this.#pendingSinceMs);
  }

  /** @returns how many sockets took it at once */
  #send(frames: readonly CastFrame[], merged: Buffer): number {
    let direct = 0;
    for (const outbox of this.#members.keys()) {
      if (outbox.deliver(frames, merged)) direct += 1;
      else this.#members.get(outbox)?.missed(frames.length, merged.length);
    }
    return direct;
  }

  /** Between a durable event's commit and its publication someone may have had it from the log. */
  #sendNews(frames: readonly CastFrame[], merged: Buffer, firstSeq: number): number {
    let direct = 0;
    for (const [outbox, hearer] of this.#members) {
      if (hearer.knownSeq < firstSeq) {
        if (outbox.deliver(frames, merged)) direct += 1;
        else hearer.missed(frames.length, merged.length);
        continue;
      }
      const news = frames.filter(({ seq }) => seq === 0 || seq > hearer.knownSeq);
      const rest = mergeFrames(news);
      const went = news.length > 0 && outbox.deliver(news, rest);
      if (went) this.#traffic.sent(news, 1);
      hearer.missed(frames.length - (went ? news.length : 0), merged.length - (went ? rest.length : 0));
    }
    return direct;
  }
}

function mergeFrames(frames: readonly CastFrame[]): Buffer {
  return frames.length === 1 ? frames[0]!.frame : Buffer.concat(frames.map(({ frame }) => frame));
}
