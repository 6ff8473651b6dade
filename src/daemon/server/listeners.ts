import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { PlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";

export type Listener = Server;

/** Times a free port is sought that is free in both address families. */
const ATTEMPTS = 20;

/**
 * Listens on `host:port`; `localhost` means both loopback addresses, because browsers and Python ask for either.
 * @param port 0 takes a free one, the same for both
 */
export async function listen(
  host: string,
  port: number,
  make: () => Listener,
  log: Logger,
): Promise<{ listeners: Listener[]; port: number }> {
  if (host !== "localhost") {
    const only = await bind(make(), host, port);
    return { listeners: [only], port: portOf(only) };
  }
  for (let attempt = 1; ; attempt++) {
    const v4 = await bind(make(), "127.0.0.1", port);
    try {
      const v6 = await bind(make(), "::1", portOf(v4));
      return { listeners: [v4, v6], port: portOf(v4) };
    } catch (error) {
      if (isWithoutIpv6(error)) {
        log.info("no IPv6 on this host: listening on 127.0.0.1 only");
        return { listeners: [v4], port: portOf(v4) };
      }
      v4.close();
      if (port !== 0 || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Node servers for the configuration: https when certificate and key are given. */
export function listenerFactory(tls: Config["websocket"]["tls"], onRequest: RequestListener): () => Listener {
  if (!tls) return () => createServer(onRequest);
  const files = { cert: readPem(tls.cert, "websocket.tls.cert"), key: readPem(tls.key, "websocket.tls.key") };
  return () => createSecureServer(files, onRequest);
}

/** Stops taking connections and cuts those that are still open after `graceMs`. */
export function closeListener(listener: Listener, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => listener.closeAllConnections(), graceMs);
    listener.close(() => {
      clearTimeout(cut);
      resolve();
    });
    listener.closeIdleConnections();
  });
}

function bind(listener: Listener, host: string, port: number): Promise<Listener> {
  return new Promise((resolve, reject) => {
    listener.once("error", (error: NodeJS.ErrnoException) => reject(bindError(error, host, port)));
    listener.listen({ host, port, ipv6Only: host === "::1" }, () => {
      listener.removeAllListeners("error");
      resolve(listener);
    });
  });
}

function bindError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new PlottyError(
      "daemon.address-in-use",
      `port ${port} on ${host} is in use: another plotty daemon may be running; stop it, or set websocket.port (--port) to a free one`,
      { host, port },
      error,
    );
  }
  if (error.code === "EACCES") {
    return new PlottyError(
      "config.invalid",
      `not allowed to listen on port ${port}: choose one above 1023`,
      { host, port },
      error,
    );
  }
  if (error.code === "ENOTFOUND" || (error.code === "EADDRNOTAVAIL" && host !== "::1")) {
    return new PlottyError(
      "config.invalid",
      `websocket.host "${host}" is no address of this machine`,
      { host },
      error,
    );
  }
  return error;
}

function isWithoutIpv6(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" || code === "EINVAL";
}

function portOf(listener: Listener): number {
  return (listener.address() as AddressInfo).port;
}

function readPem(file: string, key: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new PlottyError("config.unreadable", `${key}: cannot read ${file}`, { file }, error);
  }
}
