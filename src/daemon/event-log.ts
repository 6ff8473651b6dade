import type { DurableEvent } from "../shared/ws-messages.ts";

/** The durable events, numbered without a hole, on disk before anyone hears of them. */
export interface EventLog {
  /** A string that changes only when the log is lost. */
  readonly epoch: string;
  /** Number of the newest event; 0 when there is none. */
  readonly lastSeq: number;
  /** Number of the oldest event that can still be replayed; `lastSeq + 1` when there is none. */
  readonly firstSeq: number;
  /** Events `fromSeq … toSeq` (inclusive) as the JSON text that was published, oldest first, at most `limit`. */
  read(
    fromSeq: number,
    toSeq: number,
    limit: number,
  ): { seq: number; type: DurableEvent["type"]; json: string }[];
}
