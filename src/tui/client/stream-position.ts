import type { ServerFrame } from "../../shared/ws-messages.ts";
import { seqOf } from "./vocabulary.ts";

/** How far a client has read the durable events: what `since` says after a loss. */
export class StreamPosition {
  #epoch: string | undefined;
  #seq = 0;
  /** The newest event when the present connection subscribed. */
  #newest = 0;

  /** Nothing before the first subscription: there is no past to ask for. */
  get since(): { epoch: string; seq: number } | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq };
  }

  /** Takes the frame into account. @returns false for a durable event that was told before */
  accept(frame: ServerFrame): boolean {
    if (frame.type === "subscribed") this.#subscribed(frame.epoch, frame.seq);
    if (frame.type === "gap") this.#seq = Math.min(this.#newest, Math.max(this.#seq, frame.to_seq));
    return this.acceptEvent(seqOf(frame));
  }

  /** The same for an event of which no more than its number is known. */
  acceptEvent(seq: number | undefined): boolean {
    if (seq === undefined) return true;
    if (seq <= this.#seq) return false;
    this.#seq = seq;
    return true;
  }

  /**
   * The first time, reading starts at the newest event. Later the replay leads there: from where reading stopped, or
   * from the start where the numbers are new ones (another epoch, or a log put back from a copy).
   */
  #subscribed(epoch: string, newest: number): void {
    const isFirst = this.#epoch === undefined;
    if (isFirst) this.#seq = newest;
    else if (this.#epoch !== epoch) this.#seq = 0;
    else this.#seq = Math.min(this.#seq, newest);
    this.#epoch = epoch;
    this.#newest = newest;
  }
}
