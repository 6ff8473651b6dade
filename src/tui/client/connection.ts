import WebSocket from "ws";
import { PlottyError } from "../../shared/errors.ts";
import type { Channel, Level, ServerFrame } from "../../shared/ws-messages.ts";
import { type Address, authorization } from "./address.ts";
import { Backoff } from "./backoff.ts";
import { glance } from "./glance.ts";
import { describeClose, isCrowded, keySentence, refusal } from "./refusal.ts";
import { StreamPosition } from "./stream-position.ts";
import { parseFrame } from "./vocabulary.ts";

export interface ConnectionOptions {
  readonly address: Address;
  readonly channels: readonly Channel[];
  readonly jobId?: string;
  readonly level?: Level;
  /** Ask for a snapshot: never, when nothing can be replayed (the first time), or on every connection. */
  readonly snapshot: "never" | "first" | "always";
  /** Each frame once, in order, with its text as received. Durable events that come a second time are left out. */
  onFrame(frame: ServerFrame, text: string): void;
  /** Where this is given, events come here unparsed, with the same promise, as far as a glance tells what they are. */
  onEventText?(text: Buffer): void;
  onLink(link: Link): void;
}

export type Link =
  | { readonly state: "connecting" }
  | { readonly state: "live"; readonly connectedInMs: number }
  /** Trying again after `retryInMs`. */
  | { readonly state: "lost"; readonly reason: string; readonly retryInMs: number }
  /** No use in trying again. */
  | { readonly state: "refused"; readonly error: PlottyError };

const CONNECT_TIMEOUT_MS = 5000;
const PING_EVERY_MS = 15_000;
/** Rounds of pings without a sign of life, after which the other side is gone. */
const MOST_SILENT_ROUNDS = 2;
const UNAUTHORIZED = 4001;

/**
 * One lasting subscription to `/ws`: connects, subscribes, and after any loss comes back with `since`, so that no durable
 * event is missed or told twice. Goes on until it is closed or refused.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #position = new StreamPosition();
  readonly #backoff = new Backoff();
  #socket: WebSocket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isPaused = false;
  #wasHeard = false;
  /** Round trip of the newest ping, ms. */
  latencyMs: number | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    queueMicrotask(() => this.#connect()); // not before the caller holds this object: its callbacks may use it
  }

  /** Stops reading: the daemon's words wait in the socket, and after that in its event log, not in this process. */
  pause(): void {
    this.#isPaused = true;
    this.#socket?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wasHeard = true;
    this.#socket?.resume();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    const socket = this.#socket;
    if (!socket) return;
    socket.close(1000);
    setTimeout(() => socket.terminate(), 500).unref();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const startedMs = performance.now();
    this.#options.onLink({ state: "connecting" });
    const { address } = this.#options;
    const socket = new WebSocket(address.wsUrl, {
      headers: authorization(address),
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    let failure: PlottyError | undefined;
    let reason = "";
    socket.on("open", () => {
      if (this.#isPaused) socket.pause();
      socket.send(JSON.stringify(this.#subscription()));
      this.#startWatch(socket);
    });
    socket.on("message", (data) => {
      this.#wasHeard = true;
      this.#receive(data as Buffer, startedMs);
    });
    socket.on("ping", () => {
      this.#wasHeard = true;
    });
    socket.on("pong", (sentAt) => {
      this.#wasHeard = true;
      this.latencyMs = performance.now() - Number(sentAt.toString());
    });
    socket.on("unexpected-response", (request, response) => {
      failure = refusal(address, response.statusCode ?? 0);
      reason = `HTTP ${response.statusCode}`;
      request.destroy();
      socket.terminate();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      reason ||= error.code ?? error.message;
    });
    socket.on("close", (code, text) => {
      clearInterval(this.#watch);
      if (code === UNAUTHORIZED)
        failure = new PlottyError("auth.wrong-key", keySentence(address, text.toString()));
      this.#lose(failure, reason || describeClose(code, text.toString()), code);
    });
  }

  #subscription(): Record<string, unknown> {
    const { channels, jobId, level, snapshot } = this.#options;
    const since = this.#position.since;
    const wantsSnapshot = snapshot === "always" || (snapshot === "first" && !since);
    return {
      type: "SUBSCRIBE",
      channels,
      ...(jobId === undefined ? {} : { job_id: jobId }),
      ...(level === undefined ? {} : { level }),
      ...(since ? { since } : {}),
      ...(wantsSnapshot ? { snapshot: true } : {}),
    };
  }

  #receive(bytes: Buffer, connectedAtMs: number): void {
    const { onEventText } = this.#options;
    const event = onEventText && glance(bytes);
    if (event) {
      if (this.#position.acceptEvent(event.seq)) onEventText(bytes);
      return;
    }
    const text = bytes.toString();
    const frame = parseFrame(text);
    if (!frame) {
      this.#socket?.close(1002, "not a plotty frame");
      return;
    }
    if (frame.type === "subscribed") {
      this.#backoff.reset();
      this.#options.onLink({ state: "live", connectedInMs: performance.now() - connectedAtMs });
    }
    if (this.#position.accept(frame)) this.#options.onFrame(frame, text);
  }

  /** A half-open connection says nothing for ever: ping it, and drop it when a whole round goes by in silence. */
  #startWatch(socket: WebSocket): void {
    let silentRounds = 0;
    const ping = () => socket.ping(String(performance.now()));
    ping();
    this.#watch = setInterval(() => {
      silentRounds = this.#wasHeard || this.#isPaused ? 0 : silentRounds + 1;
      this.#wasHeard = false;
      if (silentRounds >= MOST_SILENT_ROUNDS) socket.terminate();
      else ping();
    }, PING_EVERY_MS);
  }

  #lose(failure: PlottyError | undefined, reason: string, code: number): void {
    this.#socket = undefined;
    if (this.#isClosed) return;
    if (failure) {
      this.#isClosed = true;
      this.#options.onLink({ state: "refused", error: failure });
      return;
    }
    const retryInMs = this.#backoff.nextMs(isCrowded(code, reason));
    this.#retry = setTimeout(() => this.#connect(), retryInMs);
    this.#options.onLink({ state: "lost", reason, retryInMs });
  }
}
