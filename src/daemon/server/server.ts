import type { WebsocketStats } from "../../shared/http-messages.ts";
import type { Config } from "../config-schema.ts";
import { CLOSE } from "./close-codes.ts";
import { EVENT_PATH } from "./event-endpoint.ts";
import { closeListener, type Listener } from "./listeners.ts";
import { openListeners } from "./open-listeners.ts";
import { publishEvents } from "./publish-events.ts";
import { takeEventsOfThisProcess } from "./publishing/in-process.ts";
import { buildRooms } from "./rooms.ts";
import type { ServerParts } from "./server-parts.ts";

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
  const { config } = parts;
  let port = config.websocket.port;
  const url = () => publicUrl(config.websocket, port);
  const rooms = await buildRooms(parts, url);
  const open = await openListeners(config, rooms, parts.log.module("plotty.websocket"));
  port = open.port;
  const stopPublishing = publishEvents(parts, rooms);
  const leaveProcess = takeEventsOfThisProcess((event) => rooms.streams.publish(event));

  const shutDown = async () => {
    leaveProcess();
    stopPublishing();
    rooms.hub.flush();
    rooms.streams.flush();
    rooms.connections.closeAll(CLOSE.stopping, "plotty is stopping");
    await closeListeners(open.listeners, () => rooms.door.cut());
  };
  let closing: Promise<void> | null = null;
  return {
    url: url(),
    port,
    websocketStats: () => rooms.statistics.websocket(),
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}

async function closeListeners(listeners: readonly Listener[], cutSockets: () => void): Promise<void> {
  const cut = setTimeout(cutSockets, GOODBYE_MS);
  await Promise.all(listeners.map((listener) => closeListener(listener, GOODBYE_MS)));
  clearTimeout(cut);
}

function publicUrl({ host, tls }: Config["websocket"], port: number): string {
  const isAny = host === "0.0.0.0" || host === "::";
  const name = isAny ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `${tls ? "wss" : "ws"}://${name}:${port}${EVENT_PATH}`;
}
