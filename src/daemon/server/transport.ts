import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../shared/clock.ts";
import type { Config } from "../config-schema.ts";
import type { Audience, Hearer } from "./audience.ts";
import { CLOSE } from "./close-codes.ts";
import { textFrame } from "./frame.ts";
import { KeepAlive, type KeepAliveSettings } from "./keep-alive.ts";
import { Outbox, type OutboxEvents, type OutboxLimits, type OutFrame } from "./outbox.ts";
import { RateLimit } from "./rate-limit.ts";
import type { Traffic } from "./traffic.ts";

export interface TransportParts {
  readonly config: Config["websocket"];
  readonly clock: Clock;
  readonly traffic: Traffic;
}

/** Made once an endpoint, shared by all its connections. */
export interface TransportSettings {
  readonly keepAlive: KeepAliveSettings;
  readonly limits: OutboxLimits;
}

export interface TransportEvents {
  onText(text: string): void;
  /** Told once a window; the messages over the limit are dropped. */
  onRateLimited(retryAfterS: number): void;
  onTooSlow(): void;
  /** Called once, when the end begins: nothing more goes out. */
  onEnd(): void;
}

/** Time a client has to answer a close frame before it is cut, ms. */
const GOODBYE_MS = 1000;
/** As many WebSocket pings and pongs may come as this many times the messages: whoever measures the way may do so often. */
const CONTROL_FRAMES = 10;

/** One open WebSocket, whatever is spoken on it: limits, pings, what is on its way out, and the end. */
export class Transport implements Hearer, OutboxEvents {
  readonly #socket: WebSocket;
  readonly #parts: TransportParts;
  readonly #events: TransportEvents;
  readonly #keepAlive: KeepAlive;
  readonly #rateLimit: RateLimit;
  readonly #controlLimit: RateLimit;
  readonly outbox: Outbox;
  #audience: Audience | null = null;
  #ended = false;
  /** What went out, less what the audience had counted when this client joined it. */
  #messages = 0;
  #bytes = 0;
  knownSeq = 0;

  constructor(
    socket: WebSocket,
    stream: Duplex,
    parts: TransportParts,
    settings: TransportSettings,
    events: TransportEvents,
  ) {
    const { config, clock } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#events = events;
    this.#rateLimit = new RateLimit(clock, config.rate_limit);
    this.#controlLimit = new RateLimit(clock, CONTROL_FRAMES * config.rate_limit);
    this.outbox = new Outbox(stream, clock, settings.limits, this);
    this.#keepAlive = new KeepAlive(socket, clock, settings.keepAlive, () => this.#idle());
    this.#listen(stream);
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  get lagBytes(): number {
    return this.outbox.lagBytes;
  }

  get sentMessages(): number {
    return this.#messages + (this.#audience?.messages ?? 0);
  }

  get sentBytes(): number {
    return this.#bytes + (this.#audience?.bytes ?? 0);
  }

  get audience(): Audience | null {
    return this.#audience;
  }

  /** From now on this client hears what `audience` is told, and nothing else of the kind. */
  hear(audience: Audience | null): void {
    this.#audience?.remove(this);
    this.#messages = this.sentMessages;
    this.#bytes = this.sentBytes;
    audience?.add(this);
    this.#audience = audience;
    this.missed(audience?.messages ?? 0, audience?.bytes ?? 0);
  }

  missed(messages: number, bytes: number): void {
    this.#messages -= messages;
    this.#bytes -= bytes;
  }

  /** Sends what the client asked for, behind what is due to it. */
  reply(frames: readonly OutFrame[]): void {
    if (frames.length === 0) return;
    this.outbox.reply(Buffer.concat(frames.map(({ frame }) => frame)));
    this.onSent(frames);
  }

  replyText(text: string, type: string): void {
    this.reply([{ type, replaces: null, frame: textFrame(text) }]);
  }

  /** Sends what nobody else hears; a newer one may replace it while the client lags. */
  tell(frame: OutFrame): void {
    const frames = [frame];
    if (this.outbox.deliver(frames, frame.frame)) this.onSent(frames);
  }

  whenCaughtUp(callback: () => void): void {
    this.outbox.whenCaughtUp(callback);
  }

  /** Says good-bye, and cuts the connection when the client does not answer. */
  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#socket.close(code, reason);
    const cancel = this.#parts.clock.after(GOODBYE_MS, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }

  cut(): void {
    this.#end();
    this.#socket.terminate();
  }

  onTooSlow(): void {
    this.#parts.traffic.closedSlow += 1;
    this.#events.onTooSlow();
  }

  onConflated(): void {
    this.#parts.traffic.conflated += 1;
  }

  onSent(frames: readonly OutFrame[]): void {
    this.#parts.traffic.sent(frames, 1);
    this.#messages += frames.length;
    for (const { frame } of frames) this.#bytes += frame.length;
  }

  #listen(stream: Duplex): void {
    this.#socket.on("message", (data, isBinary) => this.#onFrame(data, isBinary));
    this.#socket.on("pong", () => this.#onControl());
    this.#socket.on("ping", (data) => this.#onControl(data));
    const end = () => this.#end();
    this.#socket.on("closing", end);
    this.#socket.on("close", end);
    stream.on("end", end);
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    this.#keepAlive.heard();
    if (this.#ended) return this.#ignore();
    this.#parts.traffic.messagesIn += 1;
    if (isBinary) return this.close(CLOSE.binaryFrame, "plotty speaks text frames only");
    const verdict = this.#rateLimit.take();
    if (verdict === "ok") return this.#events.onText(data.toString());
    this.#parts.traffic.rateLimited += 1;
    if (verdict === "tell") this.#events.onRateLimited(this.#rateLimit.retryAfterS);
    if (verdict === "end") this.close(CLOSE.flooding, "too many messages");
  }

  /** @param ping its payload, where the frame wants an answer */
  #onControl(ping?: Buffer): void {
    this.#keepAlive.heard();
    const verdict = this.#controlLimit.take();
    if (verdict === "ignore") return this.#socket.pause();
    if (this.#ended) return;
    if (verdict === "end") return this.close(CLOSE.flooding, "too many pings");
    // A flood of pings from one who does not read must not pile up answers.
    if (ping && this.outbox.lagBytes === 0) this.#socket.pong(ping);
  }

  /** What a flood still sends stays in the kernel, which stops the sender: to read it would slow down all others. */
  #ignore(): void {
    if (this.#rateLimit.take() === "ignore") this.#socket.pause();
  }

  #idle(): void {
    this.#parts.traffic.closedIdle += 1;
    this.close(CLOSE.idle, "idle");
  }

  #end(): void {
    if (this.#ended) return;
    this.#events.onEnd();
    this.#ended = true;
    this.#keepAlive.stop();
    this.outbox.close();
  }
}
