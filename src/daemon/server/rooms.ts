import { ConnectionAlerts } from "./connection-alerts.ts";
import { Connections } from "./connections.ts";
import { eventEndpoint } from "./event-endpoint.ts";
import { httpApp } from "./http-app.ts";
import { Hub } from "./hub.ts";
import { orchestratorEndpoints } from "./orchestrator/endpoints.ts";
import { Streams } from "./orchestrator/streams.ts";
import { tokenCheck } from "./orchestrator/tokens.ts";
import type { ServerParts } from "./server-parts.ts";
import { States } from "./states.ts";
import { Statistics } from "./statistics.ts";
import { Traffic } from "./traffic.ts";
import { UpgradeDoor } from "./upgrade.ts";

export type Rooms = Awaited<ReturnType<typeof buildRooms>>;

/** Everything behind the doors, wired; nothing runs yet. */
export async function buildRooms(parts: ServerParts, url: () => string) {
  const { clock, config } = parts;
  const { websocket } = config;
  const log = parts.log.module("plotty.websocket");
  const traffic = new Traffic(clock);
  const alerts = new ConnectionAlerts(
    clock,
    websocket.max_connections,
    parts.alert ?? (() => {}),
    parts.alertOver,
  );
  alerts.begin();
  const connections = new Connections(clock, alerts);
  const hub = new Hub(clock, traffic);
  const websocketView = () => {
    const { enabled, max_connections } = websocket;
    return { enabled, url: url(), connections: connections.open, max_connections };
  };
  const states = new States({ ...parts, websocketView });
  const statistics = new Statistics({
    ...parts,
    traffic,
    connections,
    states,
    maxConnections: websocket.max_connections,
    url,
  });
  const streams = new Streams({ ...parts, traffic });
  const isDevMode = (parts.env ?? process.env).JWT_DEV_MODE === "true";
  if (isDevMode) log.warn("JWT_DEV_MODE: the orchestrator streams are open to clients without a token");
  const checkToken = await tokenCheck(config.orchestrator, parts.robotKeys, isDevMode, clock);
  const clientParts = { ...parts, config: websocket, hub, states, traffic, log };
  const all = [
    eventEndpoint(clientParts, parts.robotKeys),
    ...orchestratorEndpoints(streams, checkToken, clientParts),
  ];
  const endpoints = new Map(all.map((endpoint) => [endpoint.path, endpoint]));
  const door = new UpgradeDoor({ config: websocket, endpoints, connections, traffic, clock, log });
  const httpLog = parts.log.module("plotty.http");
  const webSocketPaths = [...endpoints.keys()];
  const app = httpApp({
    ...parts,
    config: websocket,
    orchestrator: config.orchestrator,
    states,
    statistics,
    streams,
    webSocketPaths,
    log: httpLog,
  });
  return { traffic, connections, hub, states, statistics, streams, door, app };
}
