import type { Clock } from "../../shared/clock.ts";
import type { PlottyEvent } from "../../shared/ws-messages.ts";
import { type EncodedEvent, encodeEvent } from "./encoded-event.ts";
import { type Subscription, subscriptionKey, wants } from "./subscription.ts";
import type { Traffic } from "./traffic.ts";

/** Someone who hears events. */
export interface Subscriber {
  /** Durable events up to here are known to it already. */
  readonly knownSeq: number;
  /** @returns true when `merged`, the frames of `events` in one buffer, went out at once */
  deliver(events: readonly EncodedEvent[], merged: Buffer): boolean;
}

interface Group {
  readonly subscription: Subscription;
  readonly members: Set<Subscriber>;
  pending: EncodedEvent[];
}

/**
 * Hands every event to all who want it. Each event is encoded once; subscribers with like filters form a group, and
 * what fell due for a group in one turn of the event loop goes to each member as one write of one shared buffer.
 */
export class Hub {
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Subscriber, Group>();
  #flushIsDue = false;

  constructor(clock: Clock, traffic: Traffic) {
    this.#clock = clock;
    this.#traffic = traffic;
  }

  publish(event: PlottyEvent): void {
    const encoded = encodeEvent(event, this.#clock.monotonicMs());
    let wanted = false;
    for (const group of this.#groups.values()) {
      if (!wants(group.subscription, encoded)) continue;
      group.pending.push(encoded);
      wanted = true;
    }
    if (wanted && !this.#flushIsDue) {
      this.#flushIsDue = true;
      setImmediate(() => this.flush());
    }
  }

  /** From now on `subscriber` hears what `subscription` wants; what was published before goes by the old one. */
  join(subscriber: Subscriber, subscription: Subscription): void {
    this.leave(subscriber);
    if (subscription.channels.size === 0) return;
    const key = subscriptionKey(subscription);
    let group = this.#groups.get(key);
    if (!group) {
      group = { subscription, members: new Set(), pending: [] };
      this.#groups.set(key, group);
    }
    group.members.add(subscriber);
    this.#groupOf.set(subscriber, group);
  }

  leave(subscriber: Subscriber): void {
    this.flush();
    const group = this.#groupOf.get(subscriber);
    if (!group) return;
    this.#groupOf.delete(subscriber);
    group.members.delete(subscriber);
    if (group.members.size === 0) this.#groups.delete(subscriptionKey(group.subscription));
  }

  /** Writes what is pending now, not at the end of the turn. */
  flush(): void {
    this.#flushIsDue = false;
    for (const group of this.#groups.values()) {
      if (group.pending.length === 0) continue;
      const events = group.pending;
      group.pending = [];
      this.#send(group, events);
    }
  }

  #send(group: Group, events: readonly EncodedEvent[]): void {
    const merged = mergeFrames(events);
    const firstSeq = events.find((event) => event.seq > 0)?.seq ?? Number.POSITIVE_INFINITY;
    let direct = 0;
    for (const member of group.members) {
      if (member.knownSeq >= firstSeq) direct += this.#sendUnknown(member, events);
      else if (member.deliver(events, merged)) direct += 1;
    }
    this.#traffic.sent(events, direct);
    this.#traffic.delivered(this.#clock.monotonicMs() - events[0]!.publishedMs);
  }

  /** Between an event's commit and its publication someone may have had it from the log. */
  #sendUnknown(member: Subscriber, events: readonly EncodedEvent[]): number {
    const news = events.filter((event) => event.seq === 0 || event.seq > member.knownSeq);
    return news.length > 0 && member.deliver(news, mergeFrames(news)) ? 1 : 0;
  }
}

function mergeFrames(events: readonly EncodedEvent[]): Buffer {
  return events.length === 1 ? events[0]!.frame : Buffer.concat(events.map((event) => event.frame));
}
