import type { z } from "zod";
import { PlottyError } from "../../shared/errors.ts";
import type { PlotFields } from "../../shared/http-messages.ts";
import type { PlotOptions } from "../../shared/plot-settings.ts";
import { readBody } from "./body.ts";
import type { HttpContext } from "./http-context.ts";

const MAX_JSON_BYTES = 1024 * 1024;

/** Names in a query that carry the key and are no option. */
const KEY_NAMES = new Set(["api_key", "token"]);

/** Checks values from outside; a bad one is `request.invalid` that names the field. */
export function checked<S extends z.ZodType>(schema: S, values: unknown): z.infer<S> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const field = issue.keys[0]!;
    throw new PlottyError("request.invalid", `there is no field "${field}" here`, { field });
  }
  const field = issue.path.join(".");
  throw new PlottyError(
    "request.invalid",
    `${field ? `field "${field}"` : "the request"}: ${issue.message}`,
    { field },
  );
}

/** The query without the key: each name once. */
export function queryValues(context: HttpContext): Record<string, string> {
  const values = Object.entries(context.req.queries()).filter(([name]) => !KEY_NAMES.has(name));
  return Object.fromEntries(values.map(([name, given]) => [name, given.join(",")]));
}

/** A JSON body; none at all counts as `{}`. */
export async function jsonBody(context: HttpContext): Promise<unknown> {
  const text = (await readBody(context, MAX_JSON_BYTES)).toString();
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new PlottyError("request.invalid", "the body must be JSON");
  }
}

/** Wire names to the planner's; what was not given stays away. */
export function plotOptions(fields: PlotFields): PlotOptions {
  const { paper, margin, fit, rotate, scale, origin, join, optimize, keep_order, keep_doubles } = fields;
  const options: PlotOptions = {
    paper,
    marginMm: margin,
    fit,
    rotate,
    scale,
    origin,
    joinMm: join,
    optimize,
    keepOrder: keep_order,
    keepDoubles: keep_doubles,
    pen: fields.pen,
    layers: fields.layers,
    jerkMmPerS3: fields.jerk,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
