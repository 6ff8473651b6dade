import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Clock } from "../../shared/clock.ts";
import type { WebsocketStats } from "../../shared/http-messages.ts";
import type { PlottyEvent } from "../../shared/ws-messages.ts";
import type { Bus, BusEvent } from "../bus.ts";
import type { Config } from "../config-schema.ts";
import type { EventLog } from "../event-log.ts";
import type { Log } from "../log.ts";
import type { DeviceService, JobService, SystemService } from "../services.ts";
import { CLOSE } from "./close-codes.ts";
import { Connections } from "./connections.ts";
import { EVENT_PATH, eventEndpoint } from "./event-endpoint.ts";
import { FrameLimiter } from "./frame-limiter.ts";
import { httpApp } from "./http-app.ts";
import { Hub } from "./hub.ts";
import { closeListener, type Listener, listen, listenerFactory } from "./listeners.ts";
import { States } from "./states.ts";
import { Statistics } from "./statistics.ts";
import { StatusReporter } from "./status-reporter.ts";
import { Traffic } from "./traffic.ts";
import { UpgradeDoor } from "./upgrade.ts";

export interface ServerParts {
  readonly config: Config;
  readonly bus: Bus;
  readonly eventLog: EventLog;
  readonly jobs: JobService;
  readonly devices: DeviceService;
  readonly system: SystemService;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Server {
  /** Such as `ws://localhost:8766/ws`. */
  readonly url: string;
  readonly port: number;
  websocketStats(): WebsocketStats;
  /** Tells every client that plotty goes away (1001) and frees the port; within a second. */
  close(): Promise<void>;
}

/** Time clients have to answer the good-bye, ms. */
const GOODBYE_MS = 400;

/** Opens the doors: HTTP and WebSocket on one port. Throws `daemon.address-in-use` when that port is taken. */
export async function startServer(parts: ServerParts): Promise<Server> {
  const { config, clock } = parts;
  const log = parts.log.module("plotty.websocket");
  const traffic = new Traffic(clock);
  const connections = new Connections(clock);
  const hub = new Hub(clock, traffic);
  let port = config.websocket.port;
  const url = () => publicUrl(config, port);
  const states = new States({ ...parts, websocketView: () => websocketView(config, url(), connections) });
  const statistics = new Statistics({
    ...parts,
    traffic,
    connections,
    states,
    maxConnections: config.websocket.max_connections,
    url,
  });
  const clientParts = { ...parts, config: config.websocket, hub, states, traffic, log };
  const endpoints = new Map([eventEndpoint(clientParts)].map((endpoint) => [endpoint.path, endpoint]));
  const door = new UpgradeDoor({ config: config.websocket, endpoints, connections, traffic, clock, log });
  const app = httpApp({
    ...parts,
    config: config.websocket,
    states,
    statistics,
    log: parts.log.module("plotty.http"),
    webSocketPaths: [...endpoints.keys()],
  });
  const answer = getRequestListener((request, env) => app.fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });

  const makePlain = listenerFactory(
    config.websocket.tls,
    (request, response) => void answer(request, response),
  );
  const make = () =>
    withUpgrades(makePlain(), (request, stream, head) => {
      door.onUpgrade(request, stream, head).catch((error) => {
        log.error({ err: error }, "upgrade failed");
        stream.destroy();
      });
    });
  const bound = await listen(config.websocket.host, port, make, log);
  port = bound.port;
  const stopPublishing = publishEvents(parts, hub, states);
  log.info({ url: url() }, "listening");

  const shutDown = async () => {
    stopPublishing();
    hub.flush();
    connections.closeAll(CLOSE.stopping, "plotty is stopping");
    const cut = setTimeout(() => door.cut(), GOODBYE_MS);
    await Promise.all(bound.listeners.map((listener) => closeListener(listener, GOODBYE_MS)));
    clearTimeout(cut);
  };
  let closing: Promise<void> | null = null;
  return {
    url: url(),
    port,
    websocketStats: () => statistics.websocket(),
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}

/** From the bus to the clients: thinned out, remembered for newcomers, and followed by the system's status. */
function publishEvents({ bus, clock, config }: ServerParts, hub: Hub, states: States): () => void {
  const publish = (event: PlottyEvent) => {
    states.note(event);
    hub.publish(event);
  };
  const limiter = new FrameLimiter(clock, publish);
  const intervalMs = config.websocket.status_interval * 1000;
  const reporter = new StatusReporter(clock, intervalMs, () => states.systemStatus(), publish);
  const unsubscribe = bus.subscribe((event: BusEvent) => {
    if (event.type === "job_claimed") return;
    limiter.take(event);
    if (event.type !== "job_progress") reporter.noteChange();
  });
  return () => {
    unsubscribe();
    reporter.look();
    reporter.stop();
    limiter.stop();
  };
}

function withUpgrades(
  listener: Listener,
  onUpgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void,
): Listener {
  return listener.on("upgrade", onUpgrade);
}

function publicUrl(config: Config, port: number): string {
  const { host, tls } = config.websocket;
  const isAny = host === "0.0.0.0" || host === "::";
  const name = isAny ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `${tls ? "wss" : "ws"}://${name}:${port}${EVENT_PATH}`;
}

function websocketView(config: Config, url: string, connections: Connections) {
  const { enabled, max_connections } = config.websocket;
  return { enabled, url, connections: connections.open, max_connections };
}
