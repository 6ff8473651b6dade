import { newRobotKeySchema, newTokenSchema } from "../../shared/http-messages.ts";
import type { HttpParts, Routes } from "./http-context.ts";
import { signToken } from "./orchestrator/sign-token.ts";
import { checked, jsonBody } from "./request-values.ts";

/** `/api/v1/apikeys` and `/api/v1/tokens`: what opens the orchestrator streams. */
export function keyRoutes({ robotKeys: keys, orchestrator, clock }: HttpParts): Routes {
  return {
    "/api/v1/tokens": {
      POST: async (context) => {
        const { expires_in } = checked(newTokenSchema, await jsonBody(context));
        return context.json(await signToken(orchestrator, expires_in, clock), 201);
      },
    },
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
