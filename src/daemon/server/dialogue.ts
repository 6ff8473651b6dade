import { type Clock, timestamp } from "../../shared/clock.ts";
import type { Channel, ClientMessage, PlottyEvent, ServerFrame } from "../../shared/ws-messages.ts";
import type { Config } from "../config-schema.ts";
import type { EventLog } from "../event-log.ts";
import { type FrameRefusal, isRefused, readClientMessage } from "./client-message.ts";
import type { Hub } from "./hub.ts";
import { planReplay, readPage, type Since } from "./replay.ts";
import type { States } from "./states.ts";
import { NO_SUBSCRIPTION, resolveChannels, type Subscription } from "./subscription.ts";
import type { Transport } from "./transport.ts";

export interface DialogueParts {
  readonly config: Config["websocket"];
  readonly clock: Clock;
  readonly hub: Hub;
  readonly states: States;
  readonly eventLog: EventLog;
}

type Subscribe = Extract<ClientMessage, { type: "subscribe" }>;
type Unsubscribe = Extract<ClientMessage, { type: "unsubscribe" }>;

/** What a client of `/ws` says and is answered, up to the point where events follow. */
export class Dialogue {
  readonly #transport: Transport;
  readonly #parts: DialogueParts;
  #subscription: Subscription = NO_SUBSCRIPTION;
  /** Messages that came while a replay was on its way; null when none is. */
  #waiting: string[] | null = null;

  constructor(transport: Transport, parts: DialogueParts) {
    this.#transport = transport;
    this.#parts = parts;
  }

  get heldChannels(): Channel[] {
    return this.#parts.config.channels.filter((channel) => this.#subscription.channels.has(channel));
  }

  take(text: string): void {
    if (this.#waiting) this.#waiting.push(text);
    else this.#handle(text);
  }

  tellRateLimit(retryAfterS: number): void {
    const message = `more than ${this.#parts.config.rate_limit} messages a minute; try again in ${retryAfterS} s`;
    this.#refuse({ code: "RATE_LIMITED", message, details: { retry_after: retryAfterS } });
  }

  #handle(text: string): void {
    if (text === "ping") return this.#transport.replyText("pong", "pong");
    const message = readClientMessage(text);
    if (isRefused(message)) return this.#refuse(message);
    if (message.type === "ping") return this.#send({ type: "pong", timestamp: this.#now() });
    if (message.type === "subscribe") return this.#subscribe(message);
    this.#unsubscribe(message);
  }

  /** Answers in the contract's order: subscribed, gap and replay, snapshot, current states; then events. */
  #subscribe(message: Subscribe): void {
    const channels = this.#channelsOf(message);
    if (!channels) return;
    const { hub, eventLog } = this.#parts;
    const isNew = this.#subscription.channels.size === 0;
    hub.leave(this.#transport);
    this.#subscription = extended(this.#subscription, message, channels);
    const { epoch, lastSeq: seq } = eventLog;
    if (isNew) this.#transport.knownSeq = seq;
    this.#send({ type: "subscribed", timestamp: this.#now(), channels: this.heldChannels, epoch, seq });
    if (message.since) this.#startReplay(message.since, message.snapshot === true);
    else this.#follow(message.snapshot === true);
  }

  #unsubscribe(message: Unsubscribe): void {
    const channels = this.#channelsOf(message);
    if (!channels) return;
    const rest = this.heldChannels.filter((channel) => !channels.includes(channel));
    const left = { ...this.#subscription, channels: new Set(rest) };
    this.#subscription = this.#parts.hub.join(this.#transport, left);
    this.#send({ type: "unsubscribed", timestamp: this.#now(), channels });
  }

  /** The channels meant; an unknown name among them is told, the others hold. Null when there is no other. */
  #channelsOf(message: Subscribe | Unsubscribe): Channel[] | null {
    const served = this.#parts.config.channels;
    const { channels, unknown } = resolveChannels(message.channels, served);
    if (unknown.length === 0) return channels;
    const names = unknown.map((name) => `"${name}"`).join(", ");
    const refused = `no channel ${names}; plotty has ${served.join(", ")}`;
    this.#refuse({ code: "UNKNOWN_CHANNEL", message: refused, details: { unknown, known: served } });
    return channels.length > 0 ? channels : null;
  }

  #startReplay(since: Since, withSnapshot: boolean): void {
    const { gap, afterSeq } = planReplay(since, this.#parts.eventLog);
    if (gap) this.#sendGap(gap);
    this.#waiting = [];
    this.#replayFrom(afterSeq, withSnapshot);
  }

  /** One page, and the next when the client has taken it; no event can come in between the last page and following. */
  #replayFrom(afterSeq: number, withSnapshot: boolean): void {
    if (this.#transport.isEnded) return;
    const { eventLog } = this.#parts;
    if (afterSeq < eventLog.lastSeq) {
      const page = readPage(eventLog, afterSeq, this.#subscription);
      if (page.gap) this.#sendGap(page.gap);
      this.#transport.reply(page.events);
      return this.#transport.whenCaughtUp(() => this.#replayFrom(page.throughSeq, withSnapshot));
    }
    this.#transport.knownSeq = eventLog.lastSeq;
    this.#follow(withSnapshot);
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const text of waiting) this.take(text);
  }

  #follow(withSnapshot: boolean): void {
    const { hub, states } = this.#parts;
    if (withSnapshot) this.#send(states.snapshot());
    for (const state of states.current(this.#subscription)) this.#send(state);
    this.#subscription = hub.join(this.#transport, this.#subscription);
  }

  #sendGap(gap: { from: number; to: number }): void {
    this.#send({ type: "gap", timestamp: this.#now(), from_seq: gap.from, to_seq: gap.to });
  }

  #refuse(refusal: FrameRefusal): void {
    this.#send({ type: "error", timestamp: this.#now(), ...refusal });
  }

  #send(frame: ServerFrame | PlottyEvent): void {
    this.#transport.replyText(JSON.stringify(frame), frame.type);
  }

  #now(): string {
    return timestamp(this.#parts.clock);
  }
}

/** Channels are added; a filter that is not named stays as it was, null takes it away. */
function extended(held: Subscription, message: Subscribe, channels: readonly Channel[]): Subscription {
  return {
    channels: new Set([...held.channels, ...channels]),
    jobId: message.job_id === undefined ? held.jobId : message.job_id,
    level: message.level === undefined ? held.level : (message.level ?? "info"),
  };
}
