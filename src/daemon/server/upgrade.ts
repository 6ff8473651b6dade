import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../../shared/clock.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import { CLOSE } from "./close-codes.ts";
import { ClosingSocket } from "./closing-socket.ts";
import type { Connection, Connections } from "./connections.ts";
import { FailureWindow } from "./failure-window.ts";
import { closeReason, handshakeFlaw, refuse, requestUrl } from "./handshake.ts";
import { isAllowedOrigin, isOwnHost } from "./origin.ts";
import type { Traffic } from "./traffic.ts";

/** A path that takes WebSocket connections. */
export interface Endpoint {
  /** Its path, which is also its name in the statistics. */
  readonly path: string;
  /** Lets a client in, or throws an `auth.*` error that says why not. */
  admit(url: URL, request: IncomingMessage): Entrance | Promise<Entrance>;
}

/** What is done with the open socket of one who was let in. */
export type Entrance = (socket: WebSocket, stream: Duplex) => Connection;

export interface UpgradeParts {
  readonly config: Config["websocket"];
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly connections: Connections;
  readonly traffic: Traffic;
  readonly clock: Clock;
  readonly log: Logger;
}

/** From this many refusals a minute on, an address is refused before the upgrade, so that its backoff grows. */
const PATIENCE = 5;
/** Time a client has to answer a close frame before it is cut, ms. */
const GOODBYE_MS = 1000;

/** The door for WebSocket clients: checks who comes and from where, and hands the open socket to its endpoint. */
export class UpgradeDoor {
  readonly #parts: UpgradeParts;
  readonly #webSockets: WebSocketServer;
  readonly #wrongKeys: FailureWindow;
  readonly #tooMany: FailureWindow;
  readonly #streams = new Set<Duplex>();

  constructor(parts: UpgradeParts) {
    this.#parts = parts;
    this.#wrongKeys = new FailureWindow(parts.clock);
    this.#tooMany = new FailureWindow(parts.clock);
    this.#webSockets = new WebSocketServer({
      noServer: true,
      WebSocket: ClosingSocket,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      maxPayload: parts.config.max_message_bytes,
    });
    // The door has checked the handshake; what `ws` still finds wrong is answered like the rest.
    this.#webSockets.on("wsClientError", (error, stream) =>
      refuse(stream, 400, `not a WebSocket handshake: ${error.message}`),
    );
  }

  async onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on("error", (error) => this.#parts.log.debug({ err: error }, "connection lost"));
    this.#streams.add(stream);
    stream.on("close", () => this.#streams.delete(stream));
    const url = requestUrl(request);
    const endpoint = url && this.#parts.endpoints.get(url.pathname);
    if (!url || !endpoint)
      return refuse(stream, 404, `no WebSocket endpoint here; plotty has ${this.#paths()}`);
    if (!isOwnHost(request.headers.host, this.#parts.config)) {
      return refuse(
        stream,
        403,
        "this Host is not this daemon; use localhost, its address, or list it in websocket.allowed_origins",
      );
    }
    if (!isAllowedOrigin(request.headers.origin, request.socket.localPort ?? 0, this.#parts.config)) {
      return refuse(stream, 403, "this Origin may not connect; list it in websocket.allowed_origins");
    }
    const flaw = handshakeFlaw(request);
    if (flaw)
      return refuse(stream, 400, `plotty is reachable, but ${flaw}`, { "Sec-WebSocket-Version": "13" });
    await this.#admit(endpoint, url, request, stream, head);
  }

  /** Ends what is still connected, without a word. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async #admit(
    endpoint: Endpoint,
    url: URL,
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
  ): Promise<void> {
    const { traffic, connections, config, log } = this.#parts;
    const address = request.socket.remoteAddress ?? "unknown";
    const entrance = await entranceOrRefusal(endpoint, url, request);
    if (stream.destroyed) return;
    if (entrance instanceof PlottyError) {
      traffic.authFailures += 1;
      log.info({ address, endpoint: endpoint.path, code: entrance.code }, "client refused");
      const { message } = entrance;
      return this.#turnAway(
        this.#wrongKeys,
        address,
        429,
        CLOSE.unauthorised,
        message,
        request,
        stream,
        head,
      );
    }
    if (connections.open >= config.max_connections) {
      traffic.refusedConnections += 1;
      log.warn({ address, max: config.max_connections }, "connection refused: max_connections reached");
      const reason = `all ${config.max_connections} connections are in use`;
      return this.#turnAway(this.#tooMany, address, 503, CLOSE.full, reason, request, stream, head);
    }
    this.#webSockets.handleUpgrade(request, stream, head, (socket) =>
      this.#enter(endpoint, address, socket, entrance(socket, stream)),
    );
  }

  /** At first after the upgrade, so that browsers see the code; before it for those who keep coming. */
  #turnAway(
    window: FailureWindow,
    address: string,
    status: 429 | 503,
    code: number,
    reason: string,
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
  ): void {
    const before = window.count(address);
    window.add(address);
    // "After five failed keys" lets five in to read their code; "from the fifth refusal" only four.
    if (before >= (status === 429 ? PATIENCE : PATIENCE - 1)) {
      return refuse(stream, status, reason, { "Retry-After": String(window.retryAfterS(address, PATIENCE)) });
    }
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on("error", (error) =>
        this.#parts.log.debug({ err: error, address }, "refused client sent a bad frame"),
      );
      socket.close(code, closeReason(reason));
      this.#cutLater(socket);
    });
  }

  #enter(endpoint: Endpoint, address: string, socket: WebSocket, connection: Connection): void {
    const { log, connections } = this.#parts;
    // A malformed frame: `ws` says good-bye with the right code (1002, 1007, 1009); one who stays is cut.
    socket.on("error", (error) => {
      log.debug({ err: error, address }, "client sent a bad frame");
      this.#cutLater(socket);
    });
    const remove = connections.add(endpoint.path, address, connection);
    log.debug({ address, endpoint: endpoint.path, open: connections.open }, "client connected");
    socket.on("close", (code) => {
      remove();
      log.debug({ address, endpoint: endpoint.path, code, open: connections.open }, "client disconnected");
    });
  }

  #cutLater(socket: WebSocket): void {
    const cancel = this.#parts.clock.after(GOODBYE_MS, () => socket.terminate());
    socket.once("close", cancel);
  }

  #paths(): string {
    return [...this.#parts.endpoints.keys()].join(", ");
  }
}

async function entranceOrRefusal(
  endpoint: Endpoint,
  url: URL,
  request: IncomingMessage,
): Promise<Entrance | PlottyError> {
  try {
    return await endpoint.admit(url, request);
  } catch (error) {
    if (error instanceof PlottyError && error.status === 401) return error;
    throw error;
  }
}
