import type { ServerFrame } from "../../shared/ws-messages.ts";
import { seqOf } from "./vocabulary.ts";

/** How far a client has read the durable events: what `since` says after a loss. */
export class StreamPosition {
  #epoch: string | undefined;
  #seq = 0;

  /** Nothing before the first subscription: there is no past to ask for. */
  get since(): { epoch: string; seq: number } | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq };
  }

  /** Takes the frame into account. @returns false for a durable event that was told before */
  accept(frame: ServerFrame): boolean {
    if (frame.type === "subscribed") this.#subscribed(frame.epoch, frame.seq);
    if (frame.type === "gap") this.#seq = Math.max(this.#seq, frame.to_seq);
    const seq = seqOf(frame);
    if (seq === undefined) return true;
    if (seq <= this.#seq) return false;
    this.#seq = seq;
    return true;
  }

  /** The first time reading starts at the newest event; later the replay leads there, and a new epoch counts from 0. */
  #subscribed(epoch: string, seq: number): void {
    if (this.#epoch === epoch) return;
    this.#seq = this.#epoch === undefined ? seq : 0;
    this.#epoch = epoch;
  }
}
