import { CHANNEL_OF, type Channel, type Level, type PlottyEvent } from "../../shared/ws-messages.ts";
import type { CastFrame } from "./audience.ts";
import { textFrame } from "./frame.ts";

/** An event on its way out: the bytes, and what deciding who gets them needs. */
export interface EncodedEvent extends CastFrame {
  readonly type: PlottyEvent["type"];
  readonly channel: Channel;
  readonly level: Level;
  /** The job of a job event, or of an alert about one. */
  readonly jobId: string | undefined;
}

export function encodeEvent(event: PlottyEvent): EncodedEvent {
  return encodeJson(event, JSON.stringify(event));
}

/** @param json the text of `event`, where it is already at hand (replay) */
export function encodeJson(event: PlottyEvent, json: string): EncodedEvent {
  return {
    type: event.type,
    channel: CHANNEL_OF[event.type],
    level: levelOf(event),
    jobId: "job_id" in event ? event.job_id : undefined,
    seq: seqOf(event),
    replaces: replacementKey(event),
    frame: textFrame(json),
  };
}

export function seqOf(event: PlottyEvent): number {
  return "seq" in event ? (event.seq ?? 0) : 0;
}

/** Two moments of the same thing have the same key: a job's progress, a device's position, the system's status. */
export function replacementKey(event: PlottyEvent): string | null {
  if (event.type === "job_progress") return `progress ${event.job_id}`;
  if (event.type === "device_status" && event.seq === undefined) return `device ${event.device_id}`;
  return event.type === "system_status" ? "system" : null;
}

function levelOf(event: PlottyEvent): Level {
  if (event.type === "system_alert") return event.level;
  if (event.type !== "job_state_change") return "info";
  return event.level ?? (event.to_state === "FAILED" ? "error" : "info");
}
