import type { PlottyEvent } from "../../shared/ws-messages.ts";
import type { BusEvent } from "../bus.ts";
import { FrameLimiter } from "./frame-limiter.ts";
import type { Rooms } from "./rooms.ts";
import type { ServerParts } from "./server-parts.ts";
import { StatusReporter } from "./status-reporter.ts";

/**
 * From the bus to the clients: thinned out, remembered for newcomers, and followed by the system's status.
 * @returns a function that ends it, after a last look at the status
 */
export function publishEvents(
  { bus, clock, config }: ServerParts,
  { hub, states, streams }: Rooms,
): () => void {
  const publish = (event: PlottyEvent) => {
    states.note(event);
    hub.publish(event);
  };
  const limiter = new FrameLimiter(clock, publish);
  const intervalMs = config.websocket.status_interval * 1000;
  const reporter = new StatusReporter(clock, intervalMs, () => states.systemStatus(), publish);
  const unsubscribe = bus.subscribe((event: BusEvent) => {
    streams.note(event);
    if (event.type === "job_claimed") return;
    limiter.take(event);
    if (event.type !== "job_progress") reporter.noteChange();
  });
  streams.start();
  return () => {
    unsubscribe();
    reporter.look();
    reporter.stop();
    limiter.stop();
    streams.stop();
  };
}
