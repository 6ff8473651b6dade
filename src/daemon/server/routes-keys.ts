import { newRobotKeySchema } from "../../shared/http-messages.ts";
import type { Routes } from "./http-app.ts";
import type { RobotKeys } from "./orchestrator/tokens.ts";
import { checked, jsonBody } from "./request-values.ts";

/** `/api/v1/apikeys`: keys for the orchestrator streams. */
export function keyRoutes(keys: RobotKeys): Routes {
  return {
    "/api/v1/apikeys": {
      GET: (context) => context.json({ keys: keys.list() }),
      POST: async (context) => {
        const { name, role } = checked(newRobotKeySchema, await jsonBody(context));
        return context.json(keys.create(name, role), 201);
      },
    },
    "/api/v1/apikeys/:id": {
      DELETE: (context) => {
        keys.revoke(context.req.param("id") ?? "");
        return context.body(null, 204);
      },
    },
  };
}
