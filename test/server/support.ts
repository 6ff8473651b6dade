import { request } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { Bus } from "../../src/daemon/bus.ts";
import { type Config, configSchema } from "../../src/daemon/config-schema.ts";
import type { EventLog, LoggedEvent } from "../../src/daemon/event-log.ts";
import { createLog } from "../../src/daemon/log.ts";
import type { RobotKeys } from "../../src/daemon/server/orchestrator/tokens.ts";
import { type Server, startServer } from "../../src/daemon/server/server.ts";
import { Spool } from "../../src/daemon/server/spool.ts";
import type {
  AlertService,
  DeviceService,
  HookService,
  JobService,
  SystemService,
} from "../../src/daemon/services.ts";
import { type Clock, systemClock } from "../../src/shared/clock.ts";
import { PlottyError } from "../../src/shared/errors.ts";
import {
  type DeviceStatus,
  type DurableEvent,
  type JobProgress,
  type JobStateChange,
  type PlottyEvent,
  type ServerFrame,
  type SystemAlert,
  serverFrameSchema,
} from "../../src/shared/ws-messages.ts";
import { dataDir } from "../support/data-dir.ts";
import { deviceView, systemView } from "../support/views.ts";
import { MemoryJobs } from "./memory-jobs.ts";

const AT = "2026-11-22T12:00:00.000Z";

/** The durable events in memory, with the same promises as the one on disk. */
export class MemoryEventLog implements EventLog {
  epoch = "epoch-1";
  lastSeq = 0;
  readonly #rows: LoggedEvent[] = [];

  get firstSeq(): number {
    return this.#rows[0]?.seq ?? this.lastSeq + 1;
  }

  append<E extends Omit<DurableEvent, "seq">>(event: E): E & { seq: number } {
    this.lastSeq += 1;
    const numbered = { ...event, seq: this.lastSeq };
    this.#rows.push({ seq: this.lastSeq, type: event.type, json: JSON.stringify(numbered) });
    return numbered;
  }

  read(fromSeq: number, toSeq: number, limit: number): LoggedEvent[] {
    const from = Math.max(fromSeq - this.firstSeq, 0);
    return this.#rows.slice(from, Math.max(Math.min(from + limit, toSeq - this.firstSeq + 1), 0));
  }

  /** Forgets the oldest events, up to and with `seq`. */
  pruneThrough(seq: number): void {
    this.#rows.splice(0, Math.max(seq - this.firstSeq + 1, 0));
  }
}

export interface TestServer {
  readonly server: Server;
  readonly bus: Bus;
  readonly eventLog: MemoryEventLog;
  readonly jobs: MemoryJobs;
  readonly devices: Map<string, ReturnType<typeof deviceView>>;
  readonly system: {
    status: ReturnType<SystemService["view"]>["status"];
    active_jobs: number;
    queue_length: number;
  };
  /** Log lines written so far. */
  readonly logged: string[];
  /** Logs and publishes. */
  alert(message: string, more?: Partial<SystemAlert>): number;
  change(jobId: string, to: JobStateChange["to_state"], more?: Partial<JobStateChange>): number;
  progress(jobId: string, share: number): void;
  position(deviceId: string, x: number, more?: Partial<DeviceStatus>): void;
  http(path: string): string;
}

interface Options {
  readonly websocket?: Partial<Config["websocket"]>;
  readonly config?: Record<string, unknown>;
  readonly clock?: Clock;
  readonly eventLog?: MemoryEventLog;
  readonly env?: NodeJS.ProcessEnv;
  readonly robotKeys?: RobotKeys;
}

const NO_KEYS: RobotKeys = {
  create: () => {
    throw new PlottyError("internal", "this test has no key store");
  },
  list: () => [],
  revoke: (id) => {
    throw new PlottyError("auth.key-not-found", `no key ${id}`, { id });
  },
  find: () => null,
};

const NO_ALERTS: AlertService = {
  list: () => ({ alerts: [], nextCursor: null }),
  acknowledge: (id) => {
    throw new PlottyError("alert.not-found", `no alert ${id}`, { id });
  },
};

const NO_HOOKS: HookService = {
  test: async () => ({ results: [] }),
  undelivered: () => [],
  retry: async () => undefined,
  drop: () => undefined,
};

/** A server on a free port over small services in memory; closed when the test ends. */
export async function testServer(options: Options = {}): Promise<TestServer> {
  const config = configSchema.parse({ ...options.config, websocket: { port: 0, ...options.websocket } });
  const clock = options.clock ?? systemClock;
  const logged: string[] = [];
  const log = createLog({ level: "debug", modules: [] }, { write: (line: string) => logged.push(line) });
  const bus = new Bus((error) => {
    throw error;
  });
  const eventLog = options.eventLog ?? new MemoryEventLog();
  const jobs = new MemoryJobs();
  const devices = new Map([["axidraw_001", deviceView("axidraw_001", { position: { x: 150.5, y: 200.2 } })]]);
  const system: TestServer["system"] = { status: "ready", active_jobs: 0, queue_length: 0 };
  const parts = {
    config,
    spool: new Spool(join(dataDir(), "uploads")),
    bus,
    eventLog,
    jobs: jobs as JobService,
    log,
    clock,
    env: options.env ?? {},
    robotKeys: options.robotKeys ?? NO_KEYS,
    alerts: NO_ALERTS,
    hooks: NO_HOOKS,
    configuration: { reload: () => ({ file: null, changed: [], after_restart: [], warnings: [] }) },
  };
  const server = await startServer({
    ...parts,
    devices: memoryDevices(devices),
    system: {
      view: () => ({
        ...systemView({ epoch: eventLog.epoch, seq: eventLog.lastSeq, url: "", connections: 0 }),
        ...system,
      }),
    },
  });
  onTestFinished(() => server.close());
  const durable = (event: Omit<DurableEvent, "seq">) => {
    const numbered = eventLog.append(event);
    bus.publish(numbered as PlottyEvent);
    return numbered.seq;
  };
  return {
    server,
    bus,
    eventLog,
    jobs,
    devices,
    system,
    logged,
    alert: (message, more = {}) => durable(alertEvent(message, more)),
    change: (jobId, to, more = {}) => durable(changeEvent(jobId, to, more)),
    progress: (jobId, share) => bus.publish(progressEvent(jobId, share)),
    position: (deviceId, x, more = {}) => bus.publish(positionEvent(deviceId, x, more)),
    http: (path) => `http://localhost:${server.port}${path}`,
  };
}

function memoryDevices(devices: TestServer["devices"]): DeviceService {
  const get = (id: string) => {
    const device = devices.get(id);
    if (!device) throw new PlottyError("device.not-found", `no device ${id}`, { id });
    return device;
  };
  return {
    list: () => [...devices.values()],
    get,
    act: async (id, action) => {
      const device = get(id);
      if (action.type === "jog") {
        const at = device.position ?? { x: 0, y: 0 };
        return deviceView(id, { position: { x: at.x + action.dxMm, y: at.y + action.dyMm } });
      }
      if (action.type === "pen") return deviceView(id, { pen_up: action.up });
      if (action.type === "ready") return deviceView(id, { ready: action.ready });
      if (action.type === "maintenance")
        return deviceView(id, { status: action.on ? "maintenance" : "connected" });
      return device;
    },
  };
}

export function alertEvent(message: string, more: Partial<SystemAlert> = {}): Omit<SystemAlert, "seq"> {
  const base = {
    type: "system_alert",
    timestamp: AT,
    level: "warning",
    details: {},
    id: message,
    source: "test",
  } as const;
  return { ...base, message, ...more };
}

export function changeEvent(
  jobId: string,
  to: JobStateChange["to_state"],
  more: Partial<JobStateChange> = {},
): Omit<JobStateChange, "seq"> {
  return {
    type: "job_state_change",
    timestamp: AT,
    job_id: jobId,
    from_state: "QUEUED",
    to_state: to,
    reason: "Job started by daemon",
    metadata: { pen: "black", paper: "a4", estimated_time: 1800 },
    ...more,
  };
}

export function progressEvent(jobId: string, share: number): JobProgress {
  return {
    type: "job_progress",
    timestamp: AT,
    job_id: jobId,
    progress: share,
    current_layer: 1,
    total_layers: 1,
    estimated_remaining: Math.round(1800 * (1 - share)),
    metadata: { points_plotted: Math.round(2780 * share), total_points: 2780 },
  };
}

function positionEvent(deviceId: string, x: number, more: Partial<DeviceStatus>): DeviceStatus {
  const metadata = { firmware_version: "2.8.1", motor_current: null };
  return {
    type: "device_status",
    timestamp: AT,
    device_id: deviceId,
    status: "busy",
    pen_up: false,
    position: { x, y: 0 },
    metadata,
    ...more,
  };
}

type Told = ServerFrame & Record<string, unknown>;

/** A client that keeps every frame; each must be valid against the published schema. */
export class TestClient {
  readonly socket: WebSocket;
  readonly frames: Told[] = [];
  /** Frames that are no JSON: the text `pong`. */
  readonly texts: string[] = [];
  readonly invalid: string[] = [];
  closed: { code: number; reason: string } | null = null;
  /** Status of an answer that was no upgrade. */
  refused: { status: number; headers: Record<string, unknown>; body: string } | null = null;
  #changed: () => void = () => {};

  constructor(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on("message", (data) => this.#take(data.toString()));
    this.socket.on("open", () => this.#changed());
    this.socket.on("error", () => this.#changed());
    this.socket.on("unexpected-response", (_, response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => {
        this.refused = { status: response.statusCode ?? 0, headers: response.headers, body };
        this.#changed();
      });
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#changed();
    });
    onTestFinished(() => this.socket.terminate());
  }

  #take(text: string): void {
    if (!text.startsWith("{")) this.texts.push(text);
    else {
      const parsed = serverFrameSchema.safeParse(JSON.parse(text));
      if (!parsed.success) this.invalid.push(`${text}: ${parsed.error.message}`);
      this.frames.push(JSON.parse(text));
    }
    this.#changed();
  }

  /** Waits until `isTrue`, which is looked at whenever something arrived. */
  async until(isTrue: () => boolean, what = "the expected frames"): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!isTrue()) {
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `waited for ${what}; got ${this.types.slice(-20)} closed ${JSON.stringify(this.closed)}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 50));
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async open(): Promise<this> {
    await this.until(() => this.socket.readyState === WebSocket.OPEN, "an open socket");
    return this;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Sends SUBSCRIBE and waits for its acknowledgement. */
  async subscribe(channels: string[], more: Record<string, unknown> = {}): Promise<void> {
    const before = this.of("subscribed").length;
    this.send({ type: "SUBSCRIBE", channels, ...more });
    await this.until(() => this.of("subscribed").length > before, "subscribed");
  }

  /** A round trip: what the server sent before is here afterwards. */
  async settle(): Promise<void> {
    const before = this.texts.length;
    this.send("ping");
    await this.until(() => this.texts.length > before, "pong");
  }

  of(type: string): Told[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }
}

export async function client(
  url: string,
  options?: ConstructorParameters<typeof WebSocket>[2],
): Promise<TestClient> {
  return new TestClient(url, options).open();
}

/** A plain HTTP request with every header under control (fetch would set Host itself). */
export function rawRequest(
  url: string,
  headers: Record<string, string>,
  method = "GET",
  body = "",
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
