import type { PublishedEvent } from "../../../shared/robot-messages.ts";

export type PublishHere = (event: PublishedEvent) => void;

let daemonHere: PublishHere | null = null;

/** The daemon that runs in this process takes what is published here. @returns a function that ends it */
export function takeEventsOfThisProcess(publish: PublishHere): () => void {
  daemonHere = publish;
  return () => {
    if (daemonHere === publish) daemonHere = null;
  };
}

/** Null when no daemon runs in this process. */
export function daemonInThisProcess(): PublishHere | null {
  return daemonHere;
}
