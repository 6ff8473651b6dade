import { refusalOfKey, shownKey } from "./auth.ts";
import { ClientConnection, type ClientParts, clientSettings } from "./client-connection.ts";
import type { Endpoint } from "./upgrade.ts";

export const EVENT_PATH = "/ws";

/** The seeds' `/ws`: channels of events for everyone with the key. */
export function eventEndpoint(parts: ClientParts): Endpoint {
  const settings = clientSettings(parts);
  return {
    path: EVENT_PATH,
    admit: (url, request) => {
      const refusal = refusalOfKey(parts.config, shownKey(url, request.headers));
      if (refusal) throw refusal;
      return (socket, stream) => new ClientConnection(socket, stream, parts, settings);
    },
  };
}
