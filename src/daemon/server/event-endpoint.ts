import { refusalOfKey, shownKey } from "./auth.ts";
import { ClientConnection, type ClientParts } from "./client-connection.ts";
import type { Endpoint } from "./upgrade.ts";

export const EVENT_PATH = "/ws";

/** The seeds' `/ws`: channels of events for everyone with the key. */
export function eventEndpoint(parts: ClientParts): Endpoint {
  return {
    path: EVENT_PATH,
    refusal: (url, request) => refusalOfKey(parts.config, shownKey(url, request.headers)),
    connect: (socket, stream) => new ClientConnection(socket, stream, parts),
  };
}
