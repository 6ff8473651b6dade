import type { Channel, Level, PlottyEvent, ServerFrame } from "../../shared/ws-messages.ts";

/** The wire's words as values. The schemas hold them too, but bring zod along, which takes longer to load than a command. */

export const CHANNELS: readonly Channel[] = ["jobs", "system", "device"];
export const LEVELS: readonly Level[] = ["info", "warning", "error", "critical"];

const CHANNEL_OF: Readonly<Record<PlottyEvent["type"], Channel>> = {
  job_state_change: "jobs",
  job_removed: "jobs",
  job_progress: "jobs",
  system_status: "system",
  system_alert: "system",
  device_status: "device",
};

/** What the daemon tells about the plotters, as against the talk about the connection. */
export function isEvent(frame: ServerFrame): frame is PlottyEvent {
  return isEventType(frame.type);
}

export function isEventType(type: string): type is PlottyEvent["type"] {
  return Object.hasOwn(CHANNEL_OF, type);
}

export function channelOf(event: PlottyEvent): Channel {
  return CHANNEL_OF[event.type];
}

/** The number of a durable event. */
export function seqOf(frame: ServerFrame): number | undefined {
  return isEvent(frame) && "seq" in frame ? frame.seq : undefined;
}

/** A frame's text as a frame: an object with a type. Nothing for anything else: the sender is not plotty. */
export function parseFrame(text: string): ServerFrame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isFrame = typeof value === "object" && value !== null && "type" in value;
    return isFrame && typeof value.type === "string" ? (value as ServerFrame) : undefined;
  } catch {
    return undefined; // told to the user as a broken link by the connection
  }
}
