import { PlottyError } from "../../shared/errors.ts";

/** Where a daemon is reached, and with which key. */
export interface Address {
  /** `ws://host:port/ws` */
  readonly wsUrl: string;
  /** `http://host:port`, without a slash at its end. */
  readonly httpUrl: string;
  readonly apiKey: string | undefined;
}

const DEFAULT_PORT = "8766";
export const DEFAULT_URL = `ws://localhost:${DEFAULT_PORT}/ws`;

/**
 * Reads `--url` or `PLOTTY_URL`: `ws://host:port/ws`, `https://host/prefix`, `host:port`, `host`. A key in its query
 * (`?api_key=`) counts when no other is given, and never stays in the URL, so that no message shows it.
 */
export function parseAddress(text: string = DEFAULT_URL, apiKey?: string): Address {
  const url = parseUrl(text);
  const isSecure = url.protocol === "wss:" || url.protocol === "https:";
  const prefix = url.pathname.replace(/\/+$/, "").replace(/\/ws$/, "");
  return {
    wsUrl: `${isSecure ? "wss" : "ws"}://${url.host}${prefix}/ws`,
    httpUrl: `${isSecure ? "https" : "http"}://${url.host}${prefix}`,
    apiKey: apiKey ?? url.searchParams.get("api_key") ?? undefined,
  };
}

/** The header that shows the key; it is not put into a URL, which servers like to log. */
export function authorization(address: Address): Record<string, string> {
  return address.apiKey === undefined ? {} : { authorization: `Bearer ${address.apiKey}` };
}

function parseUrl(text: string): URL {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `ws://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || !/^(ws|http)s?:$/.test(url.protocol) || url.hostname === "") {
    throw new PlottyError("usage.invalid", `"${text}" is no daemon's URL: write it like ${DEFAULT_URL}`);
  }
  if (!/:\d+/.test(text) && withScheme !== text) url.port = DEFAULT_PORT; // a bare name is a host, not its web server
  return url;
}
