/**
 * What the board has still to execute, estimated. The board runs one command, holds one in its FIFO and does not read the next
 * before that one starts; so the `OK` to a command that had to wait tells when the command before it began.
 * All times in ms of one clock.
 */
export class MotionBacklog {
  readonly #entries: Entry[] = [];
  #unacknowledged = 0;
  #endMs = 0;
  /** The end of all motion if the board never was late: a late `OK` may be this process's own fault. */
  #earliestEndMs = 0;
  #starvedThisStroke = false;
  /** Strokes in which the board ran dry between two moves that join at speed. */
  starvations = 0;

  /** Commands sent and not yet acknowledged. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** @param joins the pen is meant to pass from the command before into this one without stopping */
  sent(nowMs: number, durationMs: number, joins: boolean): void {
    if (joins && nowMs > this.#earliestEndMs + DRY_TOLERANCE_MS && !this.#starvedThisStroke) {
      this.#starvedThisStroke = true;
      this.starvations++;
    }
    this.#forget(nowMs);
    const startMs = Math.max(this.#endMs, nowMs);
    this.#entries.push({ sentMs: nowMs, startMs, durationMs, acknowledged: false });
    this.#unacknowledged++;
    this.#endMs = startMs + durationMs;
    this.#earliestEndMs = Math.max(this.#earliestEndMs, nowMs) + durationMs;
  }

  /**
   * The oldest unacknowledged command was taken.
   *
   * @param isPunctual this process is known not to be late itself, so that a late `OK` is the board's own lateness
   */
  acknowledged(nowMs: number, isPunctual = false): void {
    const index = this.#entries.findIndex((entry) => !entry.acknowledged);
    const entry = this.#entries[index]!;
    entry.acknowledged = true;
    this.#unacknowledged--;
    const before = this.#entries[index - 1];
    if (!before) return;
    const boardIsAhead = before.startMs > nowMs;
    const hadToWait = entry.sentMs < before.startMs && nowMs > before.startMs;
    if (boardIsAhead || hadToWait) this.#startAt(index - 1, nowMs);
    if (hadToWait && isPunctual) this.#earliestEndMs = this.#endMs;
  }

  /** A new stroke: one starvation is counted a stroke. */
  strokeEnded(): void {
    this.#starvedThisStroke = false;
  }

  /** The board has dropped what it had taken; what it has not read yet remains. */
  cleared(nowMs: number): void {
    const unread = this.#entries.filter((entry) => !entry.acknowledged);
    this.#entries.splice(0, this.#entries.length, ...unread);
    this.#endMs = nowMs;
    this.#startAt(0, nowMs);
  }

  /** Motion not yet executed, ms. */
  queuedMs(nowMs: number): number {
    return Math.max(0, this.#endMs - nowMs);
  }

  /** Commands not yet executed, the running one included. */
  commands(nowMs: number): number {
    this.#forget(nowMs);
    return this.#entries.filter((entry) => !isOver(entry, nowMs)).length;
  }

  #startAt(index: number, startMs: number): void {
    let endMs = startMs;
    for (const entry of this.#entries.slice(index)) {
      entry.startMs = Math.max(endMs, entry.sentMs);
      endMs = entry.startMs + entry.durationMs;
    }
    this.#endMs = endMs;
    this.#earliestEndMs = Math.min(this.#earliestEndMs, endMs);
  }

  /** Keeps the last executed one: the next acknowledgement may correct its start. */
  #forget(nowMs: number): void {
    while (this.#entries.length > 1 && isOver(this.#entries[0]!, nowMs) && this.#entries[1]!.acknowledged) {
      this.#entries.shift();
    }
  }
}

const DRY_TOLERANCE_MS = 1;

interface Entry {
  readonly sentMs: number;
  startMs: number;
  readonly durationMs: number;
  acknowledged: boolean;
}

function isOver(entry: Entry, nowMs: number): boolean {
  return entry.acknowledged && entry.startMs + entry.durationMs <= nowMs;
}
