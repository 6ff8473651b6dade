import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { PlottyError } from "../../shared/errors.ts";
import type { RobotKeyView } from "../../shared/http-messages.ts";
import type { Config } from "../config-schema.ts";
import { KEY_PREFIX, type RobotKeys } from "./orchestrator/tokens.ts";

/** Who stands at the door. */
export interface Bearer {
  readonly role: RobotKeyView["role"];
  /** False once the key was revoked, or another one is wanted. */
  isValid(): boolean;
}

/** What a client showed: in the query (all a browser's WebSocket can do), or in a header. The query wins. */
export function shownKey(url: URL, headers: IncomingHttpHeaders): string | null {
  const fromQuery = url.searchParams.get("api_key") ?? url.searchParams.get("token");
  if (fromQuery) return fromQuery;
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
  const header = headers["x-api-key"];
  return bearer ?? (typeof header === "string" && header !== "" ? header : null);
}

/**
 * Whose key this is: the configured one is an operator's, a robot key has the role it was made with. Where no key is asked
 * for everyone is an operator, but for one who shows a robot key of a lesser role. Throws `auth.missing-key` or `auth.wrong-key`.
 */
export function bearerOf(
  config: Config["websocket"],
  keys: Pick<RobotKeys, "find">,
  key: string | null,
): Bearer {
  const found = key?.startsWith(KEY_PREFIX) ? keys.find(key) : null;
  if (found) return { role: found.role, isValid: () => !config.authenticate || found.isValid() };
  const operator: Bearer = { role: "operator", isValid: () => isWanted(config, key) };
  if (operator.isValid()) return operator;
  if (key === null) {
    throw new PlottyError(
      "auth.missing-key",
      "this daemon wants its API key: give --api-key, PLOTTY_API_KEY, or ?api_key=",
    );
  }
  throw new PlottyError(
    "auth.wrong-key",
    "the API key is not this daemon's; see websocket.api_key in its configuration",
  );
}

/** The configuration is read each time: its key may be another after a reload. */
function isWanted({ authenticate, api_key }: Config["websocket"], key: string | null): boolean {
  if (!authenticate) return true;
  return key !== null && api_key !== null && sameSecret(key, api_key);
}

/** Compares digests, so that the time taken tells neither the length nor the first wrong character. */
function sameSecret(shown: string, expected: string): boolean {
  return timingSafeEqual(digest(shown), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
