import type { JobProgress } from "../src/shared/ws-messages.ts";

/** Bytes of an event's JSON, and of its frame: four bytes of header before 126 … 65,535 bytes of text (RFC 6455, 5.2). */
export const EVENT_BYTES = 250;
export const FRAME_BYTES = EVENT_BYTES + 4;

/** Heard by the one that never reads, and by nobody else of the bench. */
export const STUCK_CHANNEL = "system";

/** More jobs than can be published within the time in which the daemon thins out one job's progress. */
const JOBS = 1000;
/** Makes the moment a number of sixteen digits always. */
const MOMENT_BASE = 1e15;
const MOMENT_DIGITS = 16;
const MOMENT_KEY = '"points_plotted":';

let count = 0;

/** A progress event of 250 bytes that says when it was made. */
export function benchEvent(): JobProgress {
  count += 1;
  const id = `bench_${String(count % JOBS).padStart(4, "0")}`;
  return progress(id + PADDING, MOMENT_BASE + nowUs());
}

/** Microseconds on a clock that all processes of this machine share. */
export function nowUs(): number {
  return Math.floor(Number(process.hrtime.bigint() / 1000n));
}

const PADDING = "_".repeat(EVENT_BYTES - JSON.stringify(progress("bench_0000", MOMENT_BASE)).length);

/** Where the moment stands in a frame. */
const MOMENT_AT =
  4 + JSON.stringify(progress(`bench_0000${PADDING}`, MOMENT_BASE)).indexOf(MOMENT_KEY) + MOMENT_KEY.length;

/** When the event was made whose frame begins at `offset`, as `nowUs`. */
export function momentOf(bytes: Uint8Array, offset: number): number {
  let value = 0;
  for (let i = 0; i < MOMENT_DIGITS; i++) value = value * 10 + (bytes[offset + MOMENT_AT + i]! - 48);
  return value - MOMENT_BASE;
}

function progress(jobId: string, moment: number): JobProgress {
  return {
    type: "job_progress",
    timestamp: "2026-11-22T12:00:00.000Z",
    job_id: jobId,
    progress: 0.5,
    current_layer: 1,
    total_layers: 3,
    estimated_remaining: 1800,
    metadata: { points_plotted: moment, total_points: 2780 },
  };
}
