import { PlottyError } from "../../shared/errors.ts";
import { jobQuerySchema, patchFieldsSchema } from "../../shared/http-messages.ts";
import type { JobPatch, JobService } from "../services.ts";
import { demandMatch, tagged, taggedText } from "./entity-tag.ts";
import type { HttpContext, Routes } from "./http-context.ts";
import { planDocument, planSvg } from "./plan-views.ts";
import { checked, jsonBody, plotOptions, queryValues } from "./request-values.ts";
import type { Spool } from "./spool.ts";
import { readUpload } from "./upload.ts";

/** `/api/v1/jobs…`: the queue, one job, and what it will draw. */
export function jobRoutes(jobs: JobService, spool: Spool): Routes {
  return {
    "/api/v1/jobs": {
      GET: (context) => {
        const { state, limit, cursor } = checked(jobQuerySchema, queryValues(context));
        const { jobs: found, nextCursor } = jobs.list({ states: state, limit, cursor });
        return tagged(context, { jobs: found, next_cursor: nextCursor });
      },
      POST: (context) => submit(context, jobs, spool),
    },
    "/api/v1/jobs/:id": {
      GET: (context) => tagged(context, jobs.get(idOf(context))),
      PATCH: async (context) => {
        const patch = readPatch(await jsonBody(context));
        demandMatch(context, jobs.get(idOf(context)));
        return tagged(context, await jobs.patch(idOf(context), patch));
      },
      DELETE: async (context) => {
        demandMatch(context, jobs.get(idOf(context)));
        await jobs.remove(idOf(context));
        return context.body(null, 204);
      },
    },
    "/api/v1/jobs/:id/pause": { POST: async (context) => context.json(await jobs.pause(idOf(context))) },
    "/api/v1/jobs/:id/resume": { POST: async (context) => context.json(await jobs.resume(idOf(context))) },
    "/api/v1/jobs/:id/cancel": { POST: async (context) => context.json(await jobs.cancel(idOf(context))) },
    "/api/v1/jobs/:id/retry": { POST: async (context) => context.json(await jobs.retry(idOf(context))) },
    "/api/v1/jobs/:id/preview.svg": {
      GET: (context) => taggedText(context, planSvg(jobs.plan(idOf(context))), "image/svg+xml"),
    },
    "/api/v1/jobs/:id/plan.json": {
      GET: (context) => tagged(context, planDocument(jobs.plan(idOf(context)))),
    },
  };
}

/** A repeated submission with the same `Idempotency-Key` is answered with the job that the first one has made. */
async function submit(context: HttpContext, jobs: JobService, spool: Spool): Promise<Response> {
  const key = submissionKey(context);
  const { upload, fingerprint, discard } = await readUpload(context, spool);
  try {
    const submission = key === undefined ? undefined : { key, fingerprint };
    const former = submission ? jobs.submitted(submission) : null;
    const job = former ?? jobs.submit({ ...upload, submission });
    const headers = { location: `/api/v1/jobs/${job.id}`, ...(former && { "idempotency-replayed": "true" }) };
    return context.json(job, 201, headers);
  } finally {
    await discard();
  }
}

function submissionKey(context: HttpContext): string | undefined {
  const key = context.req.header("idempotency-key");
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new PlottyError("request.invalid", "an Idempotency-Key has 1 to 255 visible characters", {
    field: "Idempotency-Key",
  });
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
