import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { textFrame } from "../../src/daemon/server/frame.ts";
import type { AlertView, PlanDocument } from "../../src/shared/http-messages.ts";
import { isFinished } from "../../src/shared/job-machine.ts";
import type { Channel, DeviceView, JobView, PlottyEvent, SystemView } from "../../src/shared/ws-messages.ts";
import { CHANNEL_OF } from "../../src/shared/ws-messages.ts";
import { waitingJobs } from "../../src/tui/client/order-jobs.ts";
import { alertView, deviceView, jobView, systemView } from "./views.ts";

interface Client {
  readonly socket: WebSocket;
  /** What is below it, for frames that are ready. */
  readonly stream: Socket;
  channels: Set<Channel>;
}

/**
 * The daemon's side of the wire on real sockets, for tests of clients: the event log, `since`, `snapshot` and the HTTP
 * routes as the contract has them, with state that the test sets. It plans and draws nothing.
 */
export class WireServer {
  readonly jobs = new Map<string, JobView>();
  readonly devices = new Map<string, DeviceView>([["virtual_001", deviceView("virtual_001")]]);
  /** `METHOD path` and body of every request that changes something. */
  readonly requests: { line: string; body: string }[] = [];
  /** What `plan.json` of a job holds, when it is not empty. */
  readonly plans = new Map<string, PlanDocument>();
  /** Ids of alerts that somebody has seen. */
  readonly acknowledged = new Set<string>();
  /** A job's rank in the queue. */
  readonly #ranks = new Map<string, number>();
  readonly #log: string[] = [];
  readonly #clients = new Set<Client>();
  #server: Server | undefined;
  #port = 0;
  epoch = "epoch-1";
  /** Key that clients must show, when set. */
  apiKey: string | undefined;
  /** Events up to this one cannot be replayed. */
  prunedTo = 0;
  /** Called for each upload, before it is answered. */
  onSubmit: (job: JobView) => void = () => {};

  get url(): string {
    return `ws://localhost:${this.#port}/ws`;
  }

  get connections(): number {
    return this.#clients.size;
  }

  get subscribers(): number {
    return [...this.#clients].filter(({ channels }) => channels.size > 0).length;
  }

  system(): SystemView {
    return systemView({
      epoch: this.epoch,
      seq: this.#log.length,
      url: this.url,
      connections: this.connections,
    });
  }

  /** Listens; again on the same port after a `stop`. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#answer(request, response));
    const sockets = new WebSocketServer({ server, path: "/ws" });
    sockets.on("connection", (socket, request) => this.#welcome(socket, request));
    await new Promise<void>((resolve) => server.listen(this.#port, "localhost", resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    for (const { socket } of this.#clients) socket.terminate();
    this.#clients.clear();
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Gives a durable event its number, keeps it, and sends it. */
  publish({ type, ...fields }: { type: PlottyEvent["type"] } & Record<string, unknown>): string {
    const timestamp = new Date().toISOString();
    const text = JSON.stringify({ type, timestamp, ...fields, seq: this.#log.length + 1 });
    this.#log.push(text);
    this.#send(type, text);
    return text;
  }

  /** Sends what is only the state of the moment. */
  publishState({ type, ...fields }: { type: PlottyEvent["type"] } & Record<string, unknown>): string {
    const text = JSON.stringify({ type, timestamp: new Date().toISOString(), ...fields });
    this.#send(type, text);
    return text;
  }

  /** Sends a text so many times to all who listen to the channel of its type, as one piece, when they have room for it. */
  async flood(type: PlottyEvent["type"], text: string, times: number): Promise<void> {
    const frames = Buffer.concat(Array<Buffer>(times).fill(textFrame(text)));
    const listeners = [...this.#clients].filter(({ channels }) => channels.has(CHANNEL_OF[type]));
    for (const { stream } of listeners) if (!stream.write(frames)) await once(stream, "drain");
  }

  /** Changes a job and tells so, as the daemon does. */
  move(id: string, to: JobView["state"], reason = "", more: Partial<JobView> = {}): string {
    const job = this.jobs.get(id)!;
    this.jobs.set(id, { ...job, ...more, state: to, reason });
    return this.publish({
      type: "job_state_change",
      job_id: id,
      from_state: job.state,
      to_state: to,
      reason,
      metadata: { pen: job.pen, paper: job.paper, estimated_time: job.estimated_remaining },
    });
  }

  /** The database is gone: numbers begin anew, in another epoch. */
  loseLog(epoch: string): void {
    this.#log.length = 0;
    this.epoch = epoch;
  }

  /** Cuts every connection without a word, as a network does. */
  cut(): void {
    for (const { socket } of this.#clients) socket.terminate();
  }

  #send(type: PlottyEvent["type"], text: string): void {
    for (const { socket, channels } of this.#clients) if (channels.has(CHANNEL_OF[type])) socket.send(text);
  }

  #welcome(socket: WebSocket, request: IncomingMessage): void {
    if (this.apiKey !== undefined && request.headers.authorization !== `Bearer ${this.apiKey}`) {
      socket.close(4001, "wrong key");
      return;
    }
    const client: Client = { socket, stream: request.socket, channels: new Set() };
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("message", (data) => this.#subscribe(client, JSON.parse(data.toString())));
  }

  #subscribe(client: Client, message: Record<string, unknown>): void {
    const { channels, since, snapshot } = message as {
      channels: Channel[];
      since?: { epoch: string; seq: number };
      snapshot?: boolean;
    };
    client.channels = new Set(channels);
    const timestamp = new Date().toISOString();
    const seq = this.#log.length;
    const send = (frame: Record<string, unknown>) =>
      client.socket.send(JSON.stringify({ timestamp, ...frame }));
    send({ type: "subscribed", channels, epoch: this.epoch, seq });
    if (since) this.#replay(client, since, send);
    if (snapshot) {
      const jobs = this.#rankedJobs().filter(({ state }) => !isFinished(state));
      const devices = [...this.devices.values()];
      send({ type: "snapshot", jobs, devices, system: this.system(), epoch: this.epoch, seq });
    }
    if (client.channels.has("system")) {
      const { status, daemon_version, uptime, active_jobs, queue_length } = this.system();
      send({ type: "system_status", status, daemon_version, uptime, active_jobs, queue_length });
    }
  }

  #replay(
    client: Client,
    since: { epoch: string; seq: number },
    send: (frame: Record<string, unknown>) => void,
  ): void {
    if (since.epoch !== this.epoch) {
      send({ type: "gap", from_seq: 1, to_seq: this.#log.length });
      return;
    }
    if (since.seq < this.prunedTo) send({ type: "gap", from_seq: since.seq + 1, to_seq: this.prunedTo });
    for (const text of this.#log.slice(Math.max(since.seq, this.prunedTo))) {
      if (client.channels.has(CHANNEL_OF[JSON.parse(text).type as PlottyEvent["type"]]))
        client.socket.send(text);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET")
      this.requests.push({ line: `${request.method} ${url.pathname}${url.search}`, body });
    const [status, answer] = this.#route(request, url, body);
    const type = status < 400 ? "application/json" : "application/problem+json";
    response
      .writeHead(status, { "content-type": type })
      .end(answer === undefined ? "" : JSON.stringify(answer));
  }

  #route(request: IncomingMessage, url: URL, body: string): [number, unknown] {
    if (this.apiKey !== undefined && request.headers.authorization !== `Bearer ${this.apiKey}`) {
      return problem(401, "auth.missing-key", "this daemon asks for a key");
    }
    const [, , , kind, id, action] = url.pathname.split("/");
    if (kind === "system") return [200, this.system()];
    if (kind === "alerts") return this.#alert(id, action);
    if (kind === "stats") return [200, { connections: this.connections, sent: { jobs: 3, system: 4 } }];
    if (kind === "devices" && id === undefined) return [200, { devices: [...this.devices.values()] }];
    if (kind === "devices") return this.#device(id!, action!, body);
    if (kind === "jobs" && id === undefined) return this.#jobs(request, url);
    if (kind === "jobs") return this.#job(request, id!, action, body);
    return problem(404, "request.not-found", "there is nothing here");
  }

  #jobs(request: IncomingMessage, url: URL): [number, unknown] {
    if (request.method === "GET") {
      const states = url.searchParams.get("state")?.split(",");
      const jobs = this.#rankedJobs().filter(({ state }) => states?.includes(state) ?? true);
      return [200, { jobs: jobs.toReversed(), next_cursor: null }]; // the newest first
    }
    const name = url.searchParams.get("name") ?? "drawing";
    const job = jobViewOf(name);
    this.jobs.set(job.id, job);
    this.onSubmit(job);
    return [201, job];
  }

  /** As a daemon would rank them: each new one last, one that was moved between its new neighbours. */
  #rankedJobs(): JobView[] {
    for (const id of this.jobs.keys()) if (!this.#ranks.has(id)) this.#ranks.set(id, this.#ranks.size + 1);
    return [...this.jobs.values()].map((job) => ({ ...job, rank: this.#ranks.get(job.id)! }));
  }

  #rank(job: JobView, position: number): void {
    const others = waitingJobs(this.#rankedJobs()).filter(({ id }) => id !== job.id);
    const rankAt = (index: number) => others[index]?.rank ?? (index < 0 ? 0 : others.length + 2);
    this.#ranks.set(job.id, (rankAt(position - 1) + rankAt(position)) / 2);
  }

  #job(request: IncomingMessage, id: string, action: string | undefined, body: string): [number, unknown] {
    const job = this.#rankedJobs().find((each) => each.id === id);
    if (!job) return problem(404, "job.not-found", `there is no job ${id}`);
    if (request.method === "DELETE") {
      this.jobs.delete(id);
      return [204, undefined];
    }
    const to = { pause: "PAUSED", resume: "RUNNING", cancel: "CANCELLED", retry: "QUEUED" } as const;
    if (action === "plan.json")
      return [200, this.plans.get(id) ?? { unit: "mm", polylines: [], meta: [], notes: [] }];
    if (request.method === "PATCH") {
      this.#rank(job, JSON.parse(body).position);
      return [200, this.#rankedJobs().find((each) => each.id === id)];
    }
    if (action === undefined) return [200, job];
    const next = to[action as keyof typeof to];
    if (job.state === "COMPLETED") {
      return problem(409, "job.refused-transition", `a job that is COMPLETED cannot become ${next}`);
    }
    this.move(id, next, `asked by ${action}`);
    return [200, this.jobs.get(id)];
  }

  /** Every alert that was published is open until it is acknowledged. */
  #alert(id: string | undefined, action: string | undefined): [number, unknown] {
    const views = this.#log
      .map((text) => JSON.parse(text) as PlottyEvent)
      .filter((event) => event.type === "system_alert")
      .map((alert) => alertView(alert, this.acknowledged.has(alert.id)));
    if (id === undefined) return [200, { alerts: views.filter(isOpen).toReversed(), next_cursor: null }];
    if (action !== "ack" || !views.some((alert) => alert.id === id))
      return problem(404, "alert.not-found", `there is no alert "${id}"`);
    this.acknowledged.add(id);
    return [200, { ...views.find((alert) => alert.id === id), acknowledged_at: new Date().toISOString() }];
  }

  #device(id: string, action: string, body: string): [number, unknown] {
    const device = this.devices.get(id);
    if (!device) return problem(404, "device.not-found", `there is no device ${id}`);
    if (action === "ready") this.devices.set(id, { ...device, ready: JSON.parse(body).ready });
    return [200, this.devices.get(id)];
  }
}

function isOpen({ acknowledged_at }: AlertView): boolean {
  return acknowledged_at === null;
}

function jobViewOf(name: string): JobView {
  return jobView(name.replace(/\.svg$/, "").replace(/[^A-Za-z0-9_-]/g, "_"), { name });
}

function problem(status: number, code: string, detail: string): [number, unknown] {
  return [status, { type: "about:blank", title: "refused", status, detail, code }];
}
