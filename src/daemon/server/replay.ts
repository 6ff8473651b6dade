import type { PlottyEvent } from "../../shared/ws-messages.ts";
import type { EventLog } from "../event-log.ts";
import { type EncodedEvent, encodeJson } from "./encoded-event.ts";
import { type Subscription, wants } from "./subscription.ts";

/** Events read from the log at once; between two pages the client must have taken the first. */
const PAGE = 512;

export interface Since {
  readonly epoch: string;
  readonly seq: number;
}

export interface ReplayPlan {
  /** What cannot be replayed; both bounds inclusive. */
  readonly gap: { readonly from: number; readonly to: number } | null;
  /** The last event that need not be sent. */
  readonly afterSeq: number;
}

/**
 * What a client that knows everything up to `since` missed.
 * Numbers of another epoch say nothing here: all there is now is a gap to that client.
 */
export function planReplay(since: Since, log: Pick<EventLog, "epoch" | "firstSeq" | "lastSeq">): ReplayPlan {
  const { epoch, firstSeq, lastSeq } = log;
  if (since.epoch !== epoch) return { gap: { from: Math.min(1, lastSeq), to: lastSeq }, afterSeq: lastSeq };
  if (since.seq > lastSeq) return { gap: { from: lastSeq + 1, to: since.seq }, afterSeq: lastSeq };
  if (since.seq + 1 < firstSeq)
    return { gap: { from: since.seq + 1, to: firstSeq - 1 }, afterSeq: firstSeq - 1 };
  return { gap: null, afterSeq: since.seq };
}

export interface ReplayPage {
  readonly events: EncodedEvent[];
  /** Number of the last event looked at. */
  readonly throughSeq: number;
  /** A hole found in the log: events pruned since the plan was made. */
  readonly gap: { readonly from: number; readonly to: number } | null;
}

/** The next events of the log that `subscription` wants, in the very words in which they were published. */
export function readPage(log: EventLog, afterSeq: number, subscription: Subscription): ReplayPage {
  const toSeq = log.lastSeq;
  const rows = log.read(afterSeq + 1, toSeq, PAGE);
  const first = rows[0]?.seq ?? toSeq + 1;
  const events = rows.map(({ json }) => encodeJson(JSON.parse(json) as PlottyEvent, json));
  return {
    events: events.filter((event) => wants(subscription, event)),
    throughSeq: rows.at(-1)?.seq ?? toSeq,
    gap: first > afterSeq + 1 ? { from: afterSeq + 1, to: first - 1 } : null,
  };
}
