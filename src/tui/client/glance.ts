import type { PlottyEvent } from "../../shared/ws-messages.ts";
import { isEventType } from "./vocabulary.ts";

/** What the two ends of an event's text tell. */
export interface Glance {
  readonly type: PlottyEvent["type"];
  /** Of a durable event. */
  readonly seq: number | undefined;
}

const LEAD = '{"type":"';
/** Longer than the lead with any type, and than the tail with any number. */
const HEAD_BYTES = 32;
const TAIL_BYTES = 26;
const SEQ_TAIL = /,"seq":(\d+)\}$/;
const SEQ_KEY = '"seq":';
const LINE_FEED = 10;

/**
 * Type and number of an event without parsing it: a follower that hands the text on needs no more, and parsing would take
 * most of its time. The daemon writes `type` first and `seq` last. Nothing for a text that is not written so, and for talk
 * about the connection: those are parsed.
 */
export function glance(text: Buffer): Glance | undefined {
  const head = text.toString("latin1", 0, HEAD_BYTES);
  if (!head.startsWith(LEAD)) return undefined;
  const type = head.slice(LEAD.length, head.indexOf('"', LEAD.length));
  if (!isEventType(type) || text.includes(LINE_FEED)) return undefined;
  // The last brace closes the object, so what stands before it is a member of that object and of none inside it.
  const tail = SEQ_TAIL.exec(text.toString("latin1", Math.max(0, text.length - TAIL_BYTES)));
  if (tail) return { type, seq: Number(tail[1]) };
  return text.includes(SEQ_KEY) ? undefined : { type, seq: undefined };
}
