import { CHANNELS, type Channel, LEVELS, type Level } from "../../shared/ws-messages.ts";
import type { EncodedEvent } from "./encoded-event.ts";

/** What one connection asked to hear. */
export interface Subscription {
  readonly channels: ReadonlySet<Channel>;
  readonly jobId: string | null;
  readonly level: Level;
}

export const NO_SUBSCRIPTION: Subscription = { channels: new Set(), jobId: null, level: "info" };

/** Like subscriptions have the same key, so that one decision serves all who share it. */
export function subscriptionKey({ channels, jobId, level }: Subscription): string {
  return `${CHANNELS.filter((channel) => channels.has(channel)).join()} ${level} ${jobId ?? ""}`;
}

/** A job filter concerns job events and alerts: those of that job pass. Device and system states are nobody's job. */
export function wants(
  subscription: Subscription,
  event: Pick<EncodedEvent, "channel" | "level" | "type" | "jobId">,
): boolean {
  if (!subscription.channels.has(event.channel)) return false;
  if (LEVELS.indexOf(event.level) < LEVELS.indexOf(subscription.level)) return false;
  const ofAJob = event.channel === "jobs" || event.type === "system_alert";
  return subscription.jobId === null || !ofAJob || event.jobId === subscription.jobId;
}

export interface NamedChannels {
  /** In the order of `CHANNELS`, without repetition. */
  readonly channels: Channel[];
  readonly unknown: string[];
}

/**
 * Names as clients write them, in any case: `devices` is `device`, `all` and `*` are all that are served.
 * @param served the channels of the configuration; others are unknown
 */
export function resolveChannels(names: readonly string[], served: readonly Channel[]): NamedChannels {
  const found = new Set<Channel>();
  const unknown: string[] = [];
  for (const name of names) {
    const meant = channelsMeant(name.trim().toLowerCase(), served);
    if (meant.length === 0) unknown.push(name);
    for (const channel of meant) found.add(channel);
  }
  return { channels: CHANNELS.filter((channel) => found.has(channel)), unknown };
}

function channelsMeant(name: string, served: readonly Channel[]): readonly Channel[] {
  if (name === "all" || name === "*") return served;
  const canonical = name === "devices" ? "device" : name;
  return served.filter((channel) => channel === canonical);
}
