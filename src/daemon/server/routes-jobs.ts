import { jobQuerySchema, patchFieldsSchema } from "../../shared/http-messages.ts";
import type { JobPatch, JobService } from "../services.ts";
import type { HttpContext, Routes } from "./http-app.ts";
import { planDocument, planSvg } from "./plan-views.ts";
import { checked, jsonBody, plotOptions, queryValues } from "./request-values.ts";
import { readUpload } from "./upload.ts";

/** `/api/v1/jobs…`: the queue, one job, and what it will draw. */
export function jobRoutes(jobs: JobService): Routes {
  return {
    "/api/v1/jobs": {
      GET: (context) => {
        const { state, limit, cursor } = checked(jobQuerySchema, queryValues(context));
        const { jobs: found, nextCursor } = jobs.list({ states: state, limit, cursor });
        return context.json({ jobs: found, next_cursor: nextCursor });
      },
      POST: async (context) => {
        const job = jobs.submit(await readUpload(context));
        return context.json(job, 201, { location: `/api/v1/jobs/${job.id}` });
      },
    },
    "/api/v1/jobs/:id": {
      GET: (context) => context.json(jobs.get(idOf(context))),
      PATCH: async (context) => {
        const patch = readPatch(await jsonBody(context));
        return context.json(await jobs.patch(idOf(context), patch));
      },
      DELETE: async (context) => {
        await jobs.remove(idOf(context));
        return context.body(null, 204);
      },
    },
    "/api/v1/jobs/:id/pause": { POST: async (context) => context.json(await jobs.pause(idOf(context))) },
    "/api/v1/jobs/:id/resume": { POST: async (context) => context.json(await jobs.resume(idOf(context))) },
    "/api/v1/jobs/:id/cancel": { POST: async (context) => context.json(await jobs.cancel(idOf(context))) },
    "/api/v1/jobs/:id/retry": { POST: async (context) => context.json(await jobs.retry(idOf(context))) },
    "/api/v1/jobs/:id/preview.svg": {
      GET: (context) =>
        context.body(planSvg(jobs.plan(idOf(context))), 200, { "content-type": "image/svg+xml" }),
    },
    "/api/v1/jobs/:id/plan.json": { GET: (context) => context.json(planDocument(jobs.plan(idOf(context)))) },
  };
}

function idOf(context: HttpContext): string {
  return context.req.param("id") ?? "";
}

function readPatch(body: unknown): JobPatch {
  const { name, priority, hold, device, position, ...plot } = checked(patchFieldsSchema, body);
  const options = plotOptions(plot);
  const patch: JobPatch = { name, priority, hold, device, position };
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return Object.keys(options).length > 0 ? { ...given, options } : given;
}
