import { publishedEventSchema } from "../../shared/robot-messages.ts";
import { asyncApi } from "./asyncapi.ts";
import { tagged } from "./entity-tag.ts";
import type { HttpParts, Routes } from "./http-context.ts";
import { openApi } from "./openapi.ts";
import { prometheusText } from "./prometheus.ts";
import { checked, jsonBody } from "./request-values.ts";
import { EVENTS_PATH } from "./roles.ts";

/** Liveness, readiness, figures, and the daemon itself. */
export function systemRoutes({ states, statistics, streams, configuration }: HttpParts): Routes {
  return {
    "/healthz": { GET: (context) => context.json({ status: "ok" }) },
    "/readyz": {
      GET: (context) => {
        const { status } = states.systemStatus();
        const isReady = status !== "starting" && status !== "stopping";
        return context.json({ status, ready: isReady }, isReady ? 200 : 503);
      },
    },
    "/metrics": {
      GET: (context) =>
        context.body(prometheusText(statistics), 200, {
          "content-type": "text/plain; version=0.0.4; charset=utf-8",
        }),
    },
    "/openapi.json": { GET: (context) => tagged(context, openApi()) },
    "/asyncapi.json": { GET: (context) => tagged(context, asyncApi()) },
    "/api/v1/system": { GET: (context) => context.json(states.systemView()) },
    "/api/v1/config/reload": { POST: (context) => context.json(configuration.reload()) },
    [EVENTS_PATH]: {
      POST: async (context) => {
        streams.publish(checked(publishedEventSchema, await jsonBody(context)));
        return context.body(null, 202);
      },
    },
    "/api/v1/stats/websocket": { GET: (context) => context.json(statistics.websocket()) },
    "/api/v1/stats/jobs": { GET: (context) => context.json(statistics.jobs()) },
    "/api/v1/stats/devices": { GET: (context) => context.json(statistics.devices()) },
  };
}
