import { hookTestSchema } from "../../shared/http-messages.ts";
import type { HookService } from "../services.ts";
import type { HttpContext, Routes } from "./http-context.ts";
import { checked, jsonBody } from "./request-values.ts";

/** `/api/v1/hooks…`: trying hooks, and webhooks that nobody has taken yet. */
export function hookRoutes(hooks: HookService): Routes {
  return {
    "/api/v1/hooks/test": {
      POST: async (context) => {
        const { state, job_id } = checked(hookTestSchema, await jsonBody(context));
        return context.json(await hooks.test(state, job_id));
      },
    },
    "/api/v1/hooks/undelivered": { GET: (context) => context.json({ webhooks: hooks.undelivered() }) },
    "/api/v1/hooks/undelivered/:id": {
      DELETE: (context) => {
        hooks.drop(numberOf(context));
        return context.body(null, 204);
      },
    },
    "/api/v1/hooks/undelivered/:id/retry": {
      POST: async (context) => {
        await hooks.retry(numberOf(context));
        return context.json({ webhooks: hooks.undelivered() });
      },
    },
  };
}

/** What is no number is none of ours, and answered as unknown. */
function numberOf(context: HttpContext): number {
  const text = context.req.param("id") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
