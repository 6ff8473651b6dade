import { z } from "zod";
import type { Audience } from "../audience.ts";
import { shownKey } from "../auth.ts";
import { CLOSE } from "../close-codes.ts";
import type { TransportParts } from "../transport.ts";
import type { Endpoint } from "../upgrade.ts";
import { StreamClient, streamSettings } from "./stream-client.ts";
import type { Streams } from "./streams.ts";
import type { TokenCheck } from "./tokens.ts";

const BASE = "/api/v1/ws";
const DONE = () => {};

interface Stream {
  readonly audience: Audience | null;
  /** Tells a newcomer what is the case now. @returns what is to be stopped at its end */
  greet(client: StreamClient, url: URL): () => void;
}

/** The orchestrator's four streams, for bearers of a token. */
export function orchestratorEndpoints(
  streams: Streams,
  check: TokenCheck,
  parts: TransportParts,
): Endpoint[] {
  const all: Readonly<Record<string, Stream>> = {
    "live-jobs": { audience: streams.jobs, greet: () => DONE },
    "robot-status": {
      audience: streams.robots,
      greet: (client) => {
        for (const frame of streams.robotFrames()) client.tell(frame);
        return DONE;
      },
    },
    "queue-metrics": {
      audience: streams.queue,
      greet: (client) => {
        client.tell(streams.depthFrame());
        return DONE;
      },
    },
    "metrics/stream": {
      audience: null,
      greet: (client, url) => startMetrics(streams, client, url, parts),
    },
  };
  const settings = streamSettings(parts);
  return Object.entries(all).map(([name, { audience, greet }]) => ({
    path: `${BASE}/${name}`,
    admit: async (url, request) => {
      const admission = await check(shownKey(url, request.headers));
      return (socket, stream) => {
        const client = new StreamClient(socket, stream, admission, parts, settings, audience);
        socket.once("close", greet(client, url));
        return client;
      };
    },
  }));
}

const metricsQuerySchema = z.object({
  interval: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(1).max(60))
    .default(5),
  environment: z.string().max(64).default("development"),
});

/** Metrics now and every `interval` seconds; a query that makes no sense ends the connection with a reason. */
function startMetrics(
  streams: Streams,
  client: StreamClient,
  url: URL,
  { clock }: TransportParts,
): () => void {
  const query = metricsQuerySchema.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) {
    const isInterval = query.error.issues.some(({ path }) => path[0] === "interval");
    const reason = isInterval
      ? "interval must be 1 to 60 seconds"
      : "environment may have up to 64 characters";
    client.close(CLOSE.badRequest, reason);
    return () => {};
  }
  const { interval, environment } = query.data;
  let cancel = () => {};
  const tell = () => {
    client.tell(streams.metricsFrame(environment));
    cancel = clock.after(interval * 1000, tell);
  };
  tell();
  return () => cancel();
}
