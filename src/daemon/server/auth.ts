import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { PlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";

/** What a client showed: in the query (all a browser's WebSocket can do), or in a header. The query wins. */
export function shownKey(url: URL, headers: IncomingHttpHeaders): string | null {
  const fromQuery = url.searchParams.get("api_key") ?? url.searchParams.get("token");
  if (fromQuery) return fromQuery;
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
  const header = headers["x-api-key"];
  return bearer ?? (typeof header === "string" && header !== "" ? header : null);
}

/** @returns null when the client may come in, otherwise why not */
export function refusalOfKey(config: Config["websocket"], key: string | null): PlottyError | null {
  if (!config.authenticate) return null;
  if (key === null) {
    return new PlottyError(
      "auth.missing-key",
      "this daemon wants its API key: give --api-key, PLOTTY_API_KEY, or ?api_key=",
    );
  }
  if (config.api_key !== null && sameSecret(key, config.api_key)) return null;
  return new PlottyError(
    "auth.wrong-key",
    "the API key is not this daemon's; see websocket.api_key in its configuration",
  );
}

/** Compares digests, so that the time taken tells neither the length nor the first wrong character. */
export function sameSecret(shown: string, expected: string): boolean {
  return timingSafeEqual(digest(shown), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
