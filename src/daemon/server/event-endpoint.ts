import { bearerOf, shownKey } from "./auth.ts";
import { ClientConnection, type ClientParts, clientSettings } from "./client-connection.ts";
import { CLOSE } from "./close-codes.ts";
import { HeldKeys } from "./held-keys.ts";
import type { RobotKeys } from "./orchestrator/tokens.ts";
import type { Endpoint } from "./upgrade.ts";

export const EVENT_PATH = "/ws";

/** The seeds' `/ws`: channels of events for everyone with a key, as long as it holds. */
export function eventEndpoint(parts: ClientParts, keys: Pick<RobotKeys, "find">): Endpoint {
  const settings = clientSettings(parts);
  const held = new HeldKeys(parts.clock);
  return {
    path: EVENT_PATH,
    admit: (url, request) => {
      const bearer = bearerOf(parts.config, keys, shownKey(url, request.headers));
      return (socket, stream) => {
        const connection = new ClientConnection(socket, stream, parts, settings);
        const end = () => connection.close(CLOSE.unauthorised, "the key does not hold any longer");
        socket.once("close", held.add(bearer, end));
        return connection;
      };
    },
  };
}
