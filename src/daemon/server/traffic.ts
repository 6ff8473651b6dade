import type { Clock } from "../../shared/clock.ts";
import type { OutFrame } from "./outbox.ts";

const WINDOW_S = 10;
const LATENCIES = 1024;

interface Volume {
  messages: number;
  bytes: number;
}

/** Counts what goes through the server's sockets: the figures of `stats websocket` and `/metrics`. */
export class Traffic {
  readonly #clock: Clock;
  readonly #byType = new Map<string, Volume>();
  readonly #seconds: (Volume & { second: number })[] = [];
  readonly #latencies: number[] = [];
  #latencyAt = 0;
  readonly total: Volume = { messages: 0, bytes: 0 };
  messagesIn = 0;
  conflated = 0;
  rateLimited = 0;
  closedSlow = 0;
  closedIdle = 0;
  refusedConnections = 0;
  authFailures = 0;
  connectionsTotal = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `events` went to `receivers` sockets each. */
  sent(events: readonly OutFrame[], receivers: number): void {
    if (receivers === 0) return;
    for (const event of events) this.sentFrame(event.type, event.frame.length, receivers);
  }

  sentFrame(type: string, bytes: number, receivers = 1): void {
    const volume = this.#byType.get(type) ?? { messages: 0, bytes: 0 };
    this.#byType.set(type, volume);
    for (const sum of [volume, this.total, this.#thisSecond()]) {
      sum.messages += receivers;
      sum.bytes += bytes * receivers;
    }
  }

  /** @param latencyMs from publishing to the socket, of the oldest event of a batch */
  delivered(latencyMs: number): void {
    this.#latencies[this.#latencyAt] = latencyMs;
    this.#latencyAt = (this.#latencyAt + 1) % LATENCIES;
  }

  byType(): Record<string, Volume> {
    return Object.fromEntries([...this.#byType].map(([type, volume]) => [type, { ...volume }]));
  }

  /** Means over the last ten seconds. */
  perSecond(): Volume {
    const since = this.#second() - WINDOW_S;
    const recent = this.#seconds.filter(({ second }) => second > since);
    return {
      messages: recent.reduce((sum, { messages }) => sum + messages, 0) / WINDOW_S,
      bytes: recent.reduce((sum, { bytes }) => sum + bytes, 0) / WINDOW_S,
    };
  }

  latency(): { p50: number | null; p99: number | null } {
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
    return { p50: at(0.5), p99: at(0.99) };
  }

  #thisSecond(): Volume {
    const second = this.#second();
    const newest = this.#seconds.at(-1);
    if (newest?.second === second) return newest;
    const fresh = { second, messages: 0, bytes: 0 };
    this.#seconds.push(fresh);
    if (this.#seconds.length > WINDOW_S + 1) this.#seconds.shift();
    return fresh;
  }

  #second(): number {
    return Math.floor(this.#clock.monotonicMs() / 1000);
  }
}
