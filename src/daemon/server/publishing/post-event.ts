import { ERROR_KINDS, type ErrorCode, PlottyError } from "../../../shared/errors.ts";
import { problemSchema } from "../../../shared/http-messages.ts";
import type { PublishedEvent } from "../../../shared/robot-messages.ts";

const TIMEOUT_MS = 10_000;

/** `POST /api/v1/events` at the daemon whose `/ws` is `url`. */
export async function postEvent(
  event: PublishedEvent,
  url: string,
  apiKey: string | undefined,
): Promise<void> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
  const request = {
    method: "POST",
    headers,
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const response = await fetch(eventsUrl(url), request).catch((error: unknown) => {
    const message = `no plotty daemon answers at ${url}: start one with "plotty daemon", or set PLOTTY_URL`;
    throw new PlottyError("daemon.unreachable", message, { url }, error);
  });
  const answer = await response.text();
  if (!response.ok) throw refusal(response.status, answer);
}

function eventsUrl(url: string): URL {
  if (!URL.canParse(url)) throw new PlottyError("usage.invalid", `PLOTTY_URL is not a URL: "${url}"`);
  const events = new URL(url);
  events.protocol = events.protocol.replace(/^ws/, "http");
  events.pathname = `${events.pathname.replace(/\/+$/, "").replace(/\/ws$/, "")}/api/v1/events`;
  events.search = "";
  return events;
}

/** The daemon's own words, where it is a daemon that answers. */
function refusal(status: number, answer: string): PlottyError {
  const problem = problemSchema.safeParse(parsed(answer));
  if (!problem.success)
    return new PlottyError("daemon.unreachable", `HTTP ${status}: this is no plotty daemon`);
  const { code, detail, details } = problem.data;
  return new PlottyError(code in ERROR_KINDS ? (code as ErrorCode) : "internal", detail, details);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller says that this is no daemon
  }
}
