import { STATUS_CODES } from "node:http";
import type { PlottyError } from "../../shared/errors.ts";
import type { Problem } from "../../shared/http-messages.ts";

/** An error as RFC 9457 wants it. What is `internal` keeps its message to the log: it may hold anything. */
export function problemOf(error: PlottyError): Problem {
  const detail =
    error.code === "internal" ? "something went wrong inside plotty; its log has the details" : error.message;
  const problem: Problem = {
    type: `urn:plotty:error:${error.code.replace(".", "-")}`,
    title: STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    detail,
    code: error.code,
  };
  return error.details && error.code !== "internal" ? { ...problem, details: error.details } : problem;
}

export function problemResponse(error: PlottyError, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify(problemOf(error))}\n`, {
    status: error.status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
