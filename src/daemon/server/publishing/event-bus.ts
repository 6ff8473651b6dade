import { PlottyError } from "../../../shared/errors.ts";
import { type PublishedEvent, publishedEventSchema } from "../../../shared/robot-messages.ts";
import { daemonInThisProcess } from "./in-process.ts";
import { postEvent } from "./post-event.ts";

/** What can be published to the orchestrator streams. */
export const MonitoringEventType = {
  JOB_STATUS_CHANGED: "job_status_changed",
  ROBOT_HEARTBEAT: "robot_heartbeat",
  QUEUE_DEPTH_CHANGED: "queue_depth_changed",
} as const satisfies Record<string, PublishedEvent["type"]>;
export type MonitoringEventType = PublishedEvent["type"];

export type EventOf<T extends MonitoringEventType> = Extract<PublishedEvent, { type: T }>;

export interface EventBusOptions {
  /** `ws://host:port/ws`; else `PLOTTY_URL`, else the daemon in this process, else the default address. */
  readonly url?: string;
  /** Else `PLOTTY_API_KEY`. A robot key (`crpa_…`) will do. */
  readonly apiKey?: string;
}

const DEFAULT_URL = "ws://localhost:8766/ws";

/** Publishes to a daemon's orchestrator streams, and tells those who subscribed here what went out. */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #handlers = new Map<MonitoringEventType, Set<(event: never) => unknown>>();

  constructor(options: EventBusOptions = {}) {
    this.#options = options;
  }

  /** @returns a function that ends the subscription */
  subscribe<T extends MonitoringEventType>(type: T, handler: (event: EventOf<T>) => unknown): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  /**
   * Resolves when the daemon has taken the event. Rejects with `request.invalid` for one that is no such event,
   * `daemon.unreachable`, or as the daemon refused it.
   */
  async publish(event: PublishedEvent): Promise<void> {
    const checked = checkedEvent(event);
    const url = this.#options.url ?? process.env.PLOTTY_URL;
    const publishHere = url === undefined ? daemonInThisProcess() : null;
    if (publishHere) publishHere(checked);
    else await postEvent(checked, url ?? DEFAULT_URL, this.#options.apiKey ?? process.env.PLOTTY_API_KEY);
    for (const handler of this.#handlers.get(checked.type) ?? []) await handler(checked as never);
  }
}

function checkedEvent(event: PublishedEvent): PublishedEvent {
  const parsed = publishedEventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new PlottyError(
    "request.invalid",
    `cannot publish this event: ${field || "type"}: ${issue?.message}`,
    {
      field,
    },
  );
}
