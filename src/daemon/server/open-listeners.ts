import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { PlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import { type Listener, listen, listenerFactory } from "./listeners.ts";
import type { Rooms } from "./rooms.ts";

export interface OpenListeners {
  readonly listeners: readonly Listener[];
  /** The one of `websocket.port`. */
  readonly port: number;
}

/** Listens where the configuration says; every path is served on every port. */
export async function openListeners(config: Config, rooms: Rooms, log: Logger): Promise<OpenListeners> {
  const { websocket, orchestrator } = config;
  const make = listenerMaker(config, rooms, log);
  const main = websocket.enabled
    ? await listen(websocket.host, websocket.port, make, log)
    : { listeners: [], port: websocket.port };
  if (websocket.enabled) log.info({ host: websocket.host, port: main.port }, "listening");
  else log.warn("websocket.enabled is false: neither /ws nor the HTTP API is served");
  if (!orchestrator.enabled) return main;
  const second = await listenIfFree(websocket.host, orchestrator.port, make, log);
  return { listeners: [...main.listeners, ...second], port: main.port };
}

function listenerMaker({ websocket }: Config, { app, door }: Rooms, log: Logger): () => Listener {
  const answer = getRequestListener((request, env) => app.fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  const make = listenerFactory(websocket.tls, (request, response) => void answer(request, response));
  return () =>
    make().on("upgrade", (request, stream, head) => {
      door.onUpgrade(request, stream, head).catch((error) => {
        log.error({ err: error }, "upgrade failed");
        stream.destroy();
      });
    });
}

/** The orchestrator's own port is a convenience: when something else has it, the first port serves all the same. */
async function listenIfFree(
  host: string,
  port: number,
  make: () => Listener,
  log: Logger,
): Promise<Listener[]> {
  try {
    const { listeners, port: bound } = await listen(host, port, make, log);
    log.info({ host, port: bound }, "listening for orchestrators");
    return listeners;
  } catch (error) {
    if (!(error instanceof PlottyError)) throw error;
    log.warn(
      { err: error },
      `cannot listen on orchestrator.port ${port}: its streams are on websocket.port only`,
    );
    return [];
  }
}
