import { Connection } from "../client/connection.ts";
import { channelOf, isEvent } from "../client/vocabulary.ts";
import { whenAborted } from "../client/when-aborted.ts";
import { addressOf, apiOf } from "../commands/context.ts";
import type { Watch } from "../commands/monitor.ts";
import { type Session, say } from "../session.ts";
import { LineWriter } from "../text/line-writer.ts";

/** What one interval brought. */
interface Figures {
  readonly type: "stats";
  readonly timestamp: string;
  readonly interval_s: number;
  readonly events: number;
  readonly events_per_s: number;
  readonly channels: Readonly<Record<string, number>>;
  readonly types: Readonly<Record<string, number>>;
  readonly connections: number | null;
  readonly max_connections: number | null;
  /** Round trip of a WebSocket ping. */
  readonly latency_ms: number | null;
}

/** `plotty monitor --stats`: throughput by channel and type, connections and latency, every interval, for ever. */
export function watchStats(session: Session, watch: Watch): Promise<number> {
  return new Promise((resolve, reject) => {
    let tally = new Tally();
    const address = addressOf(session, watch);
    const api = apiOf(session, watch);
    const nothing = () => {};
    const writer = new LineWriter(session.stdout, nothing, nothing);
    const connection = new Connection({
      address,
      channels: watch.channels,
      jobId: watch.jobId,
      level: watch.level,
      snapshot: "never",
      onFrame: (frame) => {
        if (isEvent(frame)) tally.count(channelOf(frame), frame.type);
      },
      onLink: (link) => {
        if (link.state === "lost" && link.retryInMs < 400)
          say(session, `plotty: ${address.wsUrl}: ${link.reason}`);
        if (link.state === "refused") end(() => reject(link.error));
      },
    });
    const tick = async () => {
      const counted = tally;
      tally = new Tally();
      const websocket = await api.system().then(
        (system) => system.websocket,
        () => null, // the daemon is away: the line says so with null
      );
      const figures = counted.figures(websocket, connection.latencyMs);
      writer.write(watch.format === "json" ? JSON.stringify(figures) : statsLine(figures));
    };
    const timer = setInterval(() => void tick(), watch.intervalMs);
    const timeout =
      watch.timeoutMs === undefined ? undefined : setTimeout(() => end(() => resolve(0)), watch.timeoutMs);
    const end = (finish: () => void) => {
      clearInterval(timer);
      clearTimeout(timeout);
      connection.close();
      void writer.drained().then(finish);
    };
    whenAborted(session.signal, () => end(() => reject(session.signal.reason)));
  });
}

class Tally {
  readonly #startedMs = performance.now();
  readonly #channels: Record<string, number> = { jobs: 0, system: 0, device: 0 };
  readonly #types: Record<string, number> = {};
  #events = 0;

  count(channel: string, type: string): void {
    this.#events += 1;
    this.#channels[channel] = (this.#channels[channel] ?? 0) + 1;
    this.#types[type] = (this.#types[type] ?? 0) + 1;
  }

  figures(
    websocket: { connections: number; max_connections: number } | null,
    latencyMs: number | undefined,
  ): Figures {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    return {
      type: "stats",
      timestamp: new Date().toISOString(),
      interval_s: round(seconds),
      events: this.#events,
      events_per_s: round(this.#events / seconds),
      channels: this.#channels,
      types: this.#types,
      connections: websocket?.connections ?? null,
      max_connections: websocket?.max_connections ?? null,
      latency_ms: latencyMs === undefined ? null : round(latencyMs),
    };
  }
}

function statsLine(figures: Figures): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ") || "none";
  const connections =
    figures.connections === null ? "no daemon" : `${figures.connections}/${figures.max_connections}`;
  const latency = figures.latency_ms === null ? "-" : `${figures.latency_ms} ms`;
  const time = new Date(figures.timestamp).toTimeString().slice(0, 8);
  return `${time}  ${figures.events_per_s} events/s  channels: ${list(figures.channels)}  types: ${list(figures.types)}  connections ${connections}  latency ${latency}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
