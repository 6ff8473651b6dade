import type { Channel, ServerFrame } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { Connection, type Link } from "../client/connection.ts";
import { EMPTY_MIRROR, type Mirror, type MirrorInput, reflect } from "../client/mirror.ts";
import { PlanSource } from "../client/plan-source.ts";
import { channelOf, isEvent } from "../client/vocabulary.ts";
import type { Traffic } from "./statistics-rows.ts";
import { Throughput } from "./throughput.ts";

const FRAME_MS = 100;

export interface StoreOptions {
  readonly api: Api;
  readonly channels: readonly Channel[];
  onFrame?(frame: ServerFrame): void;
  onLink?(link: Link): void;
}

/**
 * The mirror as the screen reads it: fed by the connection, completed by HTTP where events do not tell all, and told
 * to the screen at most ten times a second.
 */
export class MonitorStore {
  readonly #options: StoreOptions;
  readonly #connection: Connection;
  readonly #listeners = new Set<() => void>();
  #mirror: Mirror = EMPTY_MIRROR;
  #shown: Mirror = EMPTY_MIRROR;
  #timer: NodeJS.Timeout | undefined;
  #toldMs = -Infinity;
  #isClosed = false;
  #isAskingDevices = false;
  readonly plans: PlanSource;
  readonly throughput = new Throughput();

  constructor(options: StoreOptions) {
    this.#options = options;
    this.plans = new PlanSource(options.api);
    this.#connection = new Connection({
      address: options.api.address,
      channels: options.channels,
      snapshot: "always",
      onFrame: (frame) => this.#receive(frame),
      onLink: (link) => this.#linked(link),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The mirror of the last tick: the same object until the screen has been told of a newer one. */
  readonly current = (): Mirror => this.#shown;

  /** The mirror as it is this moment. */
  readonly latest = (): Mirror => this.#mirror;

  /** Waiting jobs in the order that the daemon was asked for. */
  reorder(ids: readonly string[]): void {
    this.#take({ type: "order", ids });
  }

  /** The daemon's own figures of its sockets; null while it is away. */
  async traffic(): Promise<Traffic | null> {
    try {
      return await this.#options.api.stats("websocket");
    } catch {
      return null; // the header tells that the link is lost
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#connection.close();
  }

  #receive(frame: ServerFrame): void {
    if (isEvent(frame)) this.throughput.count(channelOf(frame), performance.now());
    this.#take({ type: "frame", frame });
    if (frame.type === "snapshot") this.#tell(); // what everything else changes: nobody waits for it
    if (frame.type === "job_state_change") {
      void this.#askJob(frame.job_id);
      void this.#askDevices();
    }
    if (frame.type === "device_status" && frame.seq !== undefined) void this.#askDevices();
    this.#options.onFrame?.(frame);
  }

  #linked(link: Link): void {
    if (link.state === "live") this.plans.forgetFailures();
    this.#take({ type: "link", link, atMs: Date.now() });
    this.#options.onLink?.(link);
  }

  #take(input: MirrorInput): void {
    if (this.#isClosed) return;
    this.#mirror = reflect(this.#mirror, input);
    if (this.#mirror === this.#shown || this.#timer) return;
    const waitMs = Math.max(0, FRAME_MS - (performance.now() - this.#toldMs));
    this.#timer = setTimeout(() => this.#tell(), waitMs);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldMs = performance.now();
    this.#shown = this.#mirror;
    for (const listener of this.#listeners) listener();
  }

  /** Layers, notes and the machine of a job are not in its events. */
  async #askJob(id: string): Promise<void> {
    try {
      this.#take({ type: "job", job: await this.#options.api.job(id) });
    } catch {
      // gone again, or the daemon is: the events tell which, and nothing shown depends on this answer
    }
  }

  async #askDevices(): Promise<void> {
    if (this.#isAskingDevices || !this.#options.channels.includes("device")) return;
    this.#isAskingDevices = true;
    try {
      this.#take({ type: "devices", devices: await this.#options.api.devices() });
    } catch {
      // as above
    } finally {
      this.#isAskingDevices = false;
    }
  }
}
