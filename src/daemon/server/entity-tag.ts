import { createHash } from "node:crypto";
import { PlottyError } from "../../shared/errors.ts";
import type { HttpContext } from "./http-context.ts";

/** JSON with its entity tag; 304 without a body for one who has just this. */
export function tagged(context: HttpContext, value: unknown): Response {
  return taggedText(context, JSON.stringify(value), "application/json");
}

export function taggedText(context: HttpContext, text: string, type: string): Response {
  const etag = entityTag(text);
  const headers = { etag, "cache-control": "private, no-cache" };
  if (names(context.req.header("if-none-match"), etag)) return context.body(null, 304, headers);
  return context.body(text, 200, { ...headers, "content-type": type });
}

/** Where the request says `If-Match`, what stands now must be what it was made for. Throws `request.precondition-failed`. */
export function demandMatch(context: HttpContext, current: unknown): void {
  const wanted = context.req.header("if-match");
  if (wanted === undefined || names(wanted, entityTag(JSON.stringify(current)))) return;
  throw new PlottyError(
    "request.precondition-failed",
    `${context.req.path} has changed since it was read: read it again, then decide`,
  );
}

function entityTag(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
}

/** A proxy may have weakened a tag; the text behind it is the same. */
function names(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === etag);
}
