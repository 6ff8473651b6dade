import { z } from "zod";
import { shownKey } from "../auth.ts";
import { CLOSE } from "../close-codes.ts";
import type { TransportParts } from "../transport.ts";
import type { Endpoint } from "../upgrade.ts";
import { StreamClient } from "./stream-client.ts";
import type { StreamMember, Streams } from "./streams.ts";
import type { TokenCheck } from "./tokens.ts";

const BASE = "/api/v1/ws";

type Join = (client: StreamClient, url: URL) => () => void;

/** The orchestrator's four streams, for bearers of a token. */
export function orchestratorEndpoints(
  streams: Streams,
  check: TokenCheck,
  parts: TransportParts,
): Endpoint[] {
  const joins: Readonly<Record<string, Join>> = {
    "live-jobs": (client) => member(streams.jobs, client),
    "robot-status": (client) => {
      streams.tellRobots([client]);
      return member(streams.robots, client);
    },
    "queue-metrics": (client) => {
      streams.tellDepth([client]);
      return member(streams.queue, client);
    },
    "metrics/stream": (client, url) => startMetrics(streams, client, url, parts),
  };
  return Object.entries(joins).map(([name, join]) => ({
    path: `${BASE}/${name}`,
    admit: async (url, request) => {
      const admission = await check(shownKey(url, request.headers));
      return (socket, stream) => {
        const client = new StreamClient(socket, stream, admission, parts);
        socket.once("close", join(client, url));
        return client;
      };
    },
  }));
}

function member(set: Set<StreamMember>, client: StreamMember): () => void {
  set.add(client);
  return () => set.delete(client);
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
    streams.tellMetrics([client], environment);
    cancel = clock.after(interval * 1000, tell);
  };
  tell();
  return () => cancel();
}
