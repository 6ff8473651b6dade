import type { PlottyEvent } from "../shared/ws-messages.ts";

/** A job was given to a machine that has not moved yet: what an orchestrator calls `claimed`. Never on `/ws`. */
export interface JobClaimed {
  readonly type: "job_claimed";
  readonly timestamp: string;
  readonly job_id: string;
  readonly device_id: string;
}

export type BusEvent = PlottyEvent | JobClaimed;
export type BusListener = (event: BusEvent) => void;

/** Carries facts, in the past tense, downstream only. A durable event has its `seq` (it is on disk) before it comes here. */
export class Bus {
  readonly #listeners = new Set<BusListener>();
  readonly #onError: (error: unknown, event: BusEvent) => void;

  constructor(onError: (error: unknown, event: BusEvent) => void) {
    this.#onError = onError;
  }

  publish(event: BusEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error, event);
      }
    }
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: BusListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
