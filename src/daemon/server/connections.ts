import type { Clock } from "../../shared/clock.ts";
import type { WebsocketStats } from "../../shared/http-messages.ts";
import type { ConnectionAlerts } from "./connection-alerts.ts";

/** What the registry can ask of any open connection, whatever its endpoint. */
export interface Connection {
  readonly channels: readonly string[];
  readonly sentMessages: number;
  readonly sentBytes: number;
  readonly lagBytes: number;
  close(code: number, reason: string): void;
}

interface Entry {
  readonly number: number;
  readonly endpoint: string;
  readonly address: string;
  readonly sinceMs: number;
  readonly connection: Connection;
}

/** All open WebSocket connections of the daemon, over all endpoints. */
export class Connections {
  readonly #clock: Clock;
  readonly #entries = new Set<Entry>();
  readonly #alerts: ConnectionAlerts;
  #count = 0;

  constructor(clock: Clock, alerts: ConnectionAlerts) {
    this.#clock = clock;
    this.#alerts = alerts;
  }

  get open(): number {
    return this.#entries.size;
  }

  /** Connections ever opened. */
  get total(): number {
    return this.#count;
  }

  /** @returns a function that takes it out again */
  add(endpoint: string, address: string, connection: Connection): () => void {
    this.#count += 1;
    const entry = { number: this.#count, endpoint, address, sinceMs: this.#clock.wallMs(), connection };
    this.#entries.add(entry);
    this.#alerts.opened(this.open);
    return () => {
      this.#entries.delete(entry);
      this.#alerts.closed(this.open);
    };
  }

  closeAll(code: number, reason: string): void {
    for (const { connection } of [...this.#entries]) connection.close(code, reason);
  }

  byEndpoint(): Record<string, number> {
    return countBy([...this.#entries].map(({ endpoint }) => endpoint));
  }

  byChannel(): Record<string, number> {
    return countBy([...this.#entries].flatMap(({ connection }) => connection.channels));
  }

  list(): WebsocketStats["clients"] {
    return [...this.#entries].map(({ number, endpoint, address, sinceMs, connection }) => ({
      id: `c${number}`,
      endpoint,
      address,
      since: new Date(sinceMs).toISOString(),
      channels: [...connection.channels],
      sent_messages: connection.sentMessages,
      sent_bytes: connection.sentBytes,
      lag_bytes: connection.lagBytes,
    }));
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
