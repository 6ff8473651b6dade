import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { type Clock, timestamp } from "../../shared/clock.ts";
import type { ClientMessage, PlottyEvent, ServerFrame } from "../../shared/ws-messages.ts";
import type { Config } from "../config-schema.ts";
import type { EventLog } from "../event-log.ts";
import type { Logger } from "../log.ts";
import { type FrameRefusal, isRefused, readClientMessage } from "./client-message.ts";
import { CLOSE } from "./close-codes.ts";
import type { EncodedEvent } from "./encoded-event.ts";
import { textFrame } from "./frame.ts";
import type { Hub, Subscriber } from "./hub.ts";
import { KeepAlive } from "./keep-alive.ts";
import { Outbox } from "./outbox.ts";
import { RateLimit } from "./rate-limit.ts";
import { planReplay, readPage, type Since } from "./replay.ts";
import type { States } from "./states.ts";
import { NO_SUBSCRIPTION, resolveChannels, type Subscription } from "./subscription.ts";
import type { Traffic } from "./traffic.ts";

export interface ClientParts {
  readonly config: Config["websocket"];
  readonly clock: Clock;
  readonly hub: Hub;
  readonly states: States;
  readonly eventLog: EventLog;
  readonly traffic: Traffic;
  readonly log: Logger;
}

type Subscribe = Extract<ClientMessage, { type: "subscribe" }>;
type Unsubscribe = Extract<ClientMessage, { type: "unsubscribe" }>;

/** One client of `/ws`: reads its messages, answers them, and passes on the events it subscribed to. */
export class ClientConnection implements Subscriber {
  readonly #parts: ClientParts;
  readonly #socket: WebSocket;
  readonly #outbox: Outbox;
  readonly #keepAlive: KeepAlive;
  readonly #rateLimit: RateLimit;
  #subscription: Subscription = NO_SUBSCRIPTION;
  /** Messages that came while a replay was on its way; null when none is. */
  #waiting: string[] | null = null;
  #closed = false;
  knownSeq = 0;
  sentMessages = 0;
  sentBytes = 0;

  constructor(socket: WebSocket, stream: Duplex, parts: ClientParts) {
    const { config, clock, traffic } = parts;
    this.#parts = parts;
    this.#socket = socket;
    this.#rateLimit = new RateLimit(clock, config.rate_limit);
    const limits = { sendTimeoutMs: config.send_timeout * 1000, maxBufferedBytes: config.max_buffered_bytes };
    this.#outbox = new Outbox(stream, clock, limits, {
      isOpen: () => socket.readyState === socket.OPEN,
      onTooSlow: () => this.#tooSlow(),
      onConflated: () => {
        traffic.conflated += 1;
      },
      onSent: (events) => {
        traffic.sent(events, 1);
        this.#count(
          events.length,
          events.reduce((sum, { frame }) => sum + frame.length, 0),
        );
      },
    });
    const pingEveryMs = config.heartbeat_interval * 1000;
    this.#keepAlive = new KeepAlive(
      socket,
      clock,
      { pingEveryMs, answerWithinMs: pingEveryMs, idleMs: config.idle_timeout * 1000 },
      () => this.#idle(),
    );
    this.#listen();
  }

  get channels(): string[] {
    return [...this.#subscription.channels];
  }

  get lagBytes(): number {
    return this.#outbox.lagBytes;
  }

  deliver(events: readonly EncodedEvent[], merged: Buffer): boolean {
    if (!this.#outbox.deliver(events, merged)) return false;
    this.#count(events.length, merged.length);
    return true;
  }

  #listen(): void {
    this.#socket.on("message", (data, isBinary) => this.#onFrame(data, isBinary));
    this.#socket.on("pong", () => this.#keepAlive.heard());
    this.#socket.on("ping", (data) => {
      this.#keepAlive.heard();
      // A flood of pings from one who does not read must not pile up answers.
      if (this.#outbox.lagBytes === 0) this.#socket.pong(data);
    });
    this.#socket.on("close", () => this.#end());
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    this.#keepAlive.heard();
    if (this.#closed) return;
    this.#parts.traffic.messagesIn += 1;
    if (isBinary) return this.close(CLOSE.binaryFrame, "plotty speaks text frames only");
    if (!this.#mayGoOn()) return;
    const text = data.toString();
    if (this.#waiting) this.#waiting.push(text);
    else this.#handle(text);
  }

  #mayGoOn(): boolean {
    const verdict = this.#rateLimit.take();
    if (verdict === "ok") return true;
    this.#parts.traffic.rateLimited += 1;
    if (verdict === "end") this.close(CLOSE.flooding, "too many messages");
    if (verdict === "tell") {
      const retryAfter = this.#rateLimit.retryAfterS;
      const message = `more than ${this.#parts.config.rate_limit} messages a minute; try again in ${retryAfter} s`;
      this.#refuse({ code: "RATE_LIMITED", message, details: { retry_after: retryAfter } });
    }
    return false;
  }

  #handle(text: string): void {
    if (text === "ping") return this.#reply("pong", "pong");
    const message = readClientMessage(text);
    if (isRefused(message)) return this.#refuse(message);
    if (message.type === "ping") return this.#send({ type: "pong", timestamp: this.#now() });
    if (message.type === "subscribe") return this.#subscribe(message);
    this.#unsubscribe(message);
  }

  /** Answers in the contract's order: subscribed, gap and replay, snapshot, current states; then events. */
  #subscribe(message: Subscribe): void {
    const { channels } = this.#channelsOf(message);
    if (channels.length === 0 && message.channels.length > 0) return;
    const isNew = this.#subscription.channels.size === 0;
    this.#subscription = {
      channels: new Set([...this.#subscription.channels, ...channels]),
      jobId: message.job_id === undefined ? this.#subscription.jobId : message.job_id,
      level: message.level === undefined ? this.#subscription.level : (message.level ?? "info"),
    };
    const { hub, eventLog } = this.#parts;
    hub.leave(this);
    const { epoch, lastSeq: seq } = eventLog;
    this.#send({ type: "subscribed", timestamp: this.#now(), channels: this.#heldChannels(), epoch, seq });
    if (isNew) this.knownSeq = seq;
    if (message.since) return this.#startReplay(message.since, message.snapshot === true);
    this.#follow(message.snapshot === true);
  }

  #unsubscribe(message: Unsubscribe): void {
    const { channels } = this.#channelsOf(message);
    if (channels.length === 0 && message.channels.length > 0) return;
    const rest = [...this.#subscription.channels].filter((channel) => !channels.includes(channel));
    this.#subscription = { ...this.#subscription, channels: new Set(rest) };
    this.#parts.hub.join(this, this.#subscription);
    this.#send({ type: "unsubscribed", timestamp: this.#now(), channels });
  }

  /** The channels meant; an unknown name among them is told, the others hold. */
  #channelsOf(message: Subscribe | Unsubscribe) {
    const served = this.#parts.config.channels;
    const named = resolveChannels(message.channels, served);
    if (named.unknown.length > 0) {
      this.#refuse({
        code: "UNKNOWN_CHANNEL",
        message: `no channel ${named.unknown.map((name) => `"${name}"`).join(", ")}; plotty has ${served.join(", ")}`,
        details: { unknown: named.unknown, known: served },
      });
    }
    return named;
  }

  #startReplay(since: Since, withSnapshot: boolean): void {
    const { gap, afterSeq } = planReplay(since, this.#parts.eventLog);
    if (gap) this.#sendGap(gap);
    this.#waiting = [];
    this.#replayFrom(afterSeq, withSnapshot);
  }

  /** One page, and the next when the client has taken it; no event can come in between the last page and following. */
  #replayFrom(afterSeq: number, withSnapshot: boolean): void {
    if (this.#closed) return;
    const { eventLog, traffic } = this.#parts;
    if (afterSeq < eventLog.lastSeq) {
      const page = readPage(eventLog, afterSeq, this.#subscription);
      if (page.gap) this.#sendGap(page.gap);
      page.frames.forEach((frame, i) => {
        traffic.sentFrame(page.types[i]!, frame.length);
        this.#count(1, frame.length);
      });
      if (page.frames.length > 0) this.#outbox.reply(Buffer.concat(page.frames));
      return this.#outbox.whenCaughtUp(() => this.#replayFrom(page.throughSeq, withSnapshot));
    }
    this.knownSeq = eventLog.lastSeq;
    this.#follow(withSnapshot);
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const text of waiting) this.#waiting ? (this.#waiting as string[]).push(text) : this.#handle(text);
  }

  #follow(withSnapshot: boolean): void {
    const { hub, states } = this.#parts;
    if (withSnapshot) this.#send(states.snapshot());
    for (const state of states.current(this.#subscription)) this.#send(state);
    hub.join(this, this.#subscription);
  }

  #sendGap(gap: { from: number; to: number }): void {
    this.#send({ type: "gap", timestamp: this.#now(), from_seq: gap.from, to_seq: gap.to });
  }

  #refuse(refusal: FrameRefusal): void {
    this.#send({ type: "error", timestamp: this.#now(), ...refusal });
  }

  #send(frame: ServerFrame | PlottyEvent): void {
    this.#reply(JSON.stringify(frame), frame.type);
  }

  #reply(text: string, type: string): void {
    const frame = textFrame(text);
    this.#outbox.reply(frame);
    this.#parts.traffic.sentFrame(type, frame.length);
    this.#count(1, frame.length);
  }

  #count(messages: number, bytes: number): void {
    this.sentMessages += messages;
    this.sentBytes += bytes;
  }

  #heldChannels() {
    return this.#parts.config.channels.filter((channel) => this.#subscription.channels.has(channel));
  }

  #now(): string {
    return timestamp(this.#parts.clock);
  }

  #tooSlow(): void {
    this.#parts.traffic.closedSlow += 1;
    this.close(CLOSE.tooSlow, "too slow: subscribe again with since");
  }

  #idle(): void {
    this.#parts.traffic.closedIdle += 1;
    this.close(CLOSE.idle, "idle");
  }

  /** Writes what is due, says good-bye, and cuts the connection a second later if the client has not. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#parts.hub.leave(this);
    this.#end();
    this.#socket.close(code, reason);
    const cancel = this.#parts.clock.after(1000, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }

  #end(): void {
    this.#closed = true;
    this.#keepAlive.stop();
    this.#parts.hub.leave(this);
    this.#outbox.close();
  }
}
