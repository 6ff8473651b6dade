import { alertQuerySchema } from "../../shared/http-messages.ts";
import type { AlertService } from "../services.ts";
import { tagged } from "./entity-tag.ts";
import type { Routes } from "./http-context.ts";
import { checked, queryValues } from "./request-values.ts";

/** `/api/v1/alerts…`: what was told to people, and that somebody has seen it. */
export function alertRoutes(alerts: AlertService): Routes {
  return {
    "/api/v1/alerts": {
      GET: (context) => {
        const { alerts: found, nextCursor } = alerts.list(checked(alertQuerySchema, queryValues(context)));
        return tagged(context, { alerts: found, next_cursor: nextCursor });
      },
    },
    "/api/v1/alerts/:id/ack": {
      POST: (context) => context.json(alerts.acknowledge(context.req.param("id") ?? "")),
    },
  };
}
