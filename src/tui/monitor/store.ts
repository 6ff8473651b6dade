import type { Channel, JobView, ServerFrame } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { Connection, type Link } from "../client/connection.ts";
import { EMPTY_MIRROR, type Mirror, type MirrorInput, reflect } from "../client/mirror.ts";
import { PlanSource } from "../client/plan-source.ts";
import { Questions } from "../client/questions.ts";
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
  readonly #questions: Questions;
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
    this.#questions = new Questions({
      api: options.api,
      channels: options.channels,
      mirror: this.latest,
      take: (input) => this.#take(input),
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

  /** A job that was given another place in the queue, as the daemon answered. */
  moved(job: JobView): void {
    this.#take({ type: "queue", jobs: [job] });
  }

  /** Lets everybody know that somebody has seen an alert. */
  async acknowledge(id: string): Promise<void> {
    await this.#options.api.acknowledgeAlert(id);
    this.#take({ type: "acknowledged", id });
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
    this.#questions.close();
    this.#connection.close();
  }

  #receive(frame: ServerFrame): void {
    if (isEvent(frame)) this.throughput.count(channelOf(frame), performance.now());
    this.#take({ type: "frame", frame });
    if (frame.type === "snapshot") this.#tell(); // what everything else changes: nobody waits for it
    if (frame.type === "job_state_change") {
      void this.#questions.job(frame.job_id);
      void this.#questions.devices();
    }
    if (frame.type === "device_status" && frame.seq !== undefined) void this.#questions.devices();
    this.#options.onFrame?.(frame);
  }

  #linked(link: Link): void {
    this.#take({ type: "link", link, atMs: Date.now() });
    if (link.state === "live") {
      this.plans.forgetFailures();
      void this.#questions.alerts();
    }
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
}
