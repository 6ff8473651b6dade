import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import type { Config } from "../config-schema.ts";

type WebsocketConfig = Pick<Config["websocket"], "host" | "allowed_origins">;

/**
 * Whether the `Host` a client used is one of ours. A page on a foreign name that resolves to this machine (DNS
 * rebinding) shows that name here. Names of listed origins are ours too: a reverse proxy may pass them on.
 */
export function isOwnHost(host: string | undefined, config: WebsocketConfig): boolean {
  const name = hostName(host);
  if (name === null) return false;
  if (isLoopback(name) || name === bare(config.host)) return true;
  if (isIP(name)) return ownAddresses().has(name);
  if (!isLoopback(bare(config.host)) && ownNames().has(name)) return true;
  return config.allowed_origins.some((origin) => originHost(origin) === name);
}

/**
 * Whether a browser page of this origin may talk to us: loopback, this daemon's own address, or listed.
 * @param port the port the daemon listens on
 */
export function isAllowedOrigin(origin: string | undefined, port: number, config: WebsocketConfig): boolean {
  if (origin === undefined) return true;
  if (config.allowed_origins.some((listed) => sameOrigin(listed, origin))) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== "http:" && url.protocol !== "https:") return false;
  const name = bare(url.hostname);
  if (isLoopback(name)) return true;
  return Number(url.port || (url.protocol === "https:" ? 443 : 80)) === port && isOwnHost(url.host, config);
}

function hostName(host: string | undefined): string | null {
  if (!host || !/^[A-Za-z0-9._:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return null;
  return bare(new URL(`http://${host}`).hostname);
}

/** Lower case, without the brackets of an IPv6 literal. */
function bare(name: string): string {
  return name.toLowerCase().replace(/^\[|\]$/g, "");
}

function isLoopback(name: string): boolean {
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d+){3}$/.test(name)
  );
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []),
  );
}

function ownNames(): Set<string> {
  const name = hostname().toLowerCase();
  return new Set([name, `${name}.local`]);
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? bare(new URL(origin).hostname) : null;
}

function sameOrigin(listed: string, origin: string): boolean {
  return listed.toLowerCase().replace(/\/$/, "") === origin.toLowerCase();
}
