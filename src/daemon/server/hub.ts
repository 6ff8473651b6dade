import type { Clock } from "../../shared/clock.ts";
import type { PlottyEvent } from "../../shared/ws-messages.ts";
import { Audience } from "./audience.ts";
import { encodeEvent } from "./encoded-event.ts";
import { type Subscription, subscriptionKey, wants } from "./subscription.ts";
import type { Traffic } from "./traffic.ts";

/** Those of like subscriptions: one decision, one encoding and one buffer serve them all. */
interface Group {
  readonly subscription: Subscription;
  readonly audience: Audience;
}

/** Who can be moved from one audience to another. */
export interface Subscriber {
  readonly audience: Audience | null;
  hear(audience: Audience | null): void;
}

/** Hands every event to all who want it. Each event is encoded once, and only when someone wants it. */
export class Hub {
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #groups = new Map<string, Group>();

  constructor(clock: Clock, traffic: Traffic) {
    this.#clock = clock;
    this.#traffic = traffic;
  }

  publish(event: PlottyEvent): void {
    if (this.#groups.size === 0) return;
    const encoded = encodeEvent(event);
    for (const { subscription, audience } of this.#groups.values()) {
      if (wants(subscription, encoded)) audience.tell(encoded);
    }
  }

  /**
   * From now on `subscriber` hears what `subscription` wants; what was published before goes by the old one.
   * @returns the subscription, in the one copy that all who asked for the like share
   */
  join(subscriber: Subscriber, subscription: Subscription): Subscription {
    this.leave(subscriber);
    if (subscription.channels.size === 0) return subscription;
    const key = subscriptionKey(subscription);
    let group = this.#groups.get(key);
    if (!group) {
      group = { subscription, audience: new Audience(this.#clock, this.#traffic) };
      this.#groups.set(key, group);
    }
    subscriber.hear(group.audience);
    return group.subscription;
  }

  leave(subscriber: Subscriber): void {
    this.flush();
    const left = subscriber.audience;
    subscriber.hear(null);
    if (!left || left.size > 0) return;
    for (const [key, { audience }] of this.#groups) if (audience === left) this.#groups.delete(key);
  }

  /** Writes what is pending now, not at the end of the turn. */
  flush(): void {
    for (const { audience } of this.#groups.values()) audience.flush();
  }
}
