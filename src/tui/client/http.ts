import http from "node:http";
import https from "node:https";
import { pipeline, Readable } from "node:stream";
import { ERROR_KINDS, type ErrorCode, PlottyError } from "../../shared/errors.ts";
import { type Address, authorization } from "./address.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From `/`, with its query. */
  readonly path: string;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
  /** Told how many bytes of the body have been handed over. */
  onSent?(bytes: number): void;
}

const SILENCE_MS = 60_000;

/**
 * One request to the daemon, answered with parsed JSON (`undefined` for an empty body). `node:http`, because the global
 * `fetch` takes longer to load than the rest of a command to run.
 *
 * @throws PlottyError as the daemon's problem document says, `daemon.unreachable` when nobody answers
 */
export async function requestJson(
  address: Address,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const { status, type, text } = await exchange(address, request, signal);
  const body = /json/.test(type) ? parseJson(text) : undefined;
  if (status >= 400) throw problem(address, status, body);
  if (body === undefined && text !== "") throw notPlotty(address, status, type);
  return body;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function exchange(address: Address, request: HttpRequest, signal: AbortSignal): Promise<Answer> {
  const url = new URL(address.httpUrl + request.path);
  const send = url.protocol === "https:" ? https.request : http.request;
  const headers: Record<string, string | number> = { ...authorization(address), accept: "application/json" };
  if (request.body !== undefined) {
    headers["content-type"] = request.contentType ?? "application/json";
    headers["content-length"] = Buffer.byteLength(request.body);
  }
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(signal.aborted ? signal.reason : unreachable(address, cause as NodeJS.ErrnoException));
    const outgoing = send(url, { method: request.method, headers, agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("error", fail);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, type: answer.headers["content-type"] ?? "", text }),
      );
    });
    outgoing.setTimeout(SILENCE_MS, () => outgoing.destroy(new Error(`silent for ${SILENCE_MS / 1000} s`)));
    outgoing.on("error", fail);
    sendBody(outgoing, request, fail);
  });
}

const PIECE_BYTES = 65_536;

/** In pieces only where somebody wants to know how far it is. */
function sendBody(outgoing: http.ClientRequest, request: HttpRequest, fail: (cause: unknown) => void): void {
  const { body, onSent } = request;
  if (body === undefined || !onSent) outgoing.end(body);
  else pipeline(Readable.from(pieces(Buffer.from(body), onSent)), outgoing, (error) => error && fail(error));
}

/** The next piece is asked for when there is room for it. */
function* pieces(body: Buffer, onSent: (bytes: number) => void): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) {
    yield body.subarray(at, at + PIECE_BYTES);
    onSent(Math.min(body.length, at + PIECE_BYTES));
  }
}

/** The one sentence for a daemon that is not there. */
export function unreachable(address: Address, cause?: { code?: string; message?: string }): PlottyError {
  const why = cause && cause.code !== "ECONNREFUSED" ? ` (${cause.code ?? cause.message})` : "";
  return new PlottyError(
    "daemon.unreachable",
    `no plotty daemon answers at ${address.wsUrl}${why}: start one with "plotty daemon", or name another with --url`,
    undefined,
    cause,
  );
}

/** RFC 9457: `detail` is the sentence, `code` ours where the daemon gave it. */
function problem(address: Address, status: number, body: unknown): PlottyError {
  if (typeof body !== "object" || body === null) return notPlotty(address, status, "");
  const { code, detail, title, details } = body as Record<string, unknown>;
  const sentence = [detail, title].find((text) => typeof text === "string" && text !== "");
  return new PlottyError(
    typeof code === "string" && code in ERROR_KINDS ? (code as ErrorCode) : codeOfStatus(status),
    typeof sentence === "string" ? sentence : `the daemon answered with HTTP ${status}`,
    typeof details === "object" && details !== null ? (details as Record<string, unknown>) : undefined,
  );
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "auth.missing-key";
  if (status === 403) return "auth.forbidden";
  if (status === 429) return "auth.too-many-failures";
  if (status === 404) return "request.not-found";
  if (status === 409) return "job.refused-transition";
  return status < 500 ? "request.invalid" : "internal";
}

function notPlotty(address: Address, status: number, type: string): PlottyError {
  if (status === 401 || status === 403) {
    return new PlottyError(codeOfStatus(status), `${address.httpUrl} refuses: give the key with --api-key`);
  }
  return new PlottyError(
    "daemon.unreachable",
    `what answers at ${address.httpUrl} is not a plotty daemon (HTTP ${status}${type && `, ${type}`}): check --url`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says what came instead
  }
}
