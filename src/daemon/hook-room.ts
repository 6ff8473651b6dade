import type { Clock } from "../shared/clock.ts";
import type { Alerts } from "./alert-room.ts";
import type { Bus } from "./bus.ts";
import type { Config } from "./config-schema.ts";
import type { PlottyDatabase } from "./database.ts";
import { HookExecutor } from "./jobs/hooks.ts";
import type { JobBook } from "./jobs/job-book.ts";
import { WebhookOutbox } from "./jobs/webhook-outbox.ts";
import { WebhookStore } from "./jobs/webhook-store.ts";
import type { Log } from "./log.ts";

export interface HookParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly database: PlottyDatabase;
  readonly bus: Bus;
  readonly book: JobBook;
  readonly alerts: Alerts;
  readonly log: Log;
}

/** Hooks that hear of every transition and alert; the webhooks of an earlier daemon begin to go out with `start`. */
export function openHooks({ config, clock, database, bus, book, alerts, log: logs }: HookParts) {
  const log = logs.module("plotty.hooks");
  const store = new WebhookStore(database);
  const webhooks = new WebhookOutbox({ ...alerts, store, clock, hooks: config.hooks, log });
  const executor = new HookExecutor({ config, book, webhooks, raise: alerts.raise, log });
  book.saveAlongside((job, from) => executor.keepWebhooks(job, from));
  book.watch((job, from) => executor.entered(job, from));
  bus.subscribe((event) => {
    if (event.type === "system_alert") executor.alerted(event);
  });
  return { executor, start: () => webhooks.start(), close: () => executor.close() };
}
