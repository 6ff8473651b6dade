import { createHmac } from "node:crypto";
import { HOOK_TIMEOUT_MS } from "./run-hook.ts";

export interface WebhookCall {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  /** The same at every attempt, so that a receiver can tell a repetition. */
  readonly delivery: string;
  readonly secret?: string;
}

/** Why a webhook was not taken. */
export class WebhookError extends Error {
  /** Asking again is of little use: the receiver does not want this one. */
  readonly isRefusal: boolean;

  constructor(message: string, isRefusal: boolean) {
    super(message);
    this.name = "WebhookError";
    this.isRefusal = isRefusal;
  }
}

/** Statuses of the 400s that ask to come again. */
const LATER = new Set([408, 425, 429]);

/** One POST, signed with HMAC-SHA256 over the body when there is a secret. Rejects with a `WebhookError`. */
export async function callWebhook(
  { url, body, delivery, secret }: WebhookCall,
  signal: AbortSignal,
): Promise<void> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "plotty",
    "x-plotty-delivery": delivery,
  };
  if (secret)
    headers["x-plotty-signature"] = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const { address, basic } = parted(url);
  if (basic) headers.authorization = basic;
  const status = await post(address, { method: "POST", body, headers, redirect: "error" }, signal);
  if (status >= 200 && status < 300) return;
  const isRefusal = status >= 400 && status < 500 && !LATER.has(status);
  throw new WebhookError(`${hostOf(url)} answered ${status}`, isRefusal);
}

async function post(url: string, request: RequestInit, signal: AbortSignal): Promise<number> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(HOOK_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { ...request, signal: limit });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    throw new WebhookError(`${hostOf(url)} cannot be reached: ${reasonOf(error)}`, false);
  }
}

/** `http://user:password@host/` as fetch wants it: without the two, which go into a header. */
function parted(url: string): { address: string; basic: string | null } {
  if (!URL.canParse(url)) return { address: url, basic: null };
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address: url, basic: null };
  address.username = "";
  address.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address: address.href, basic: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** Never the platform's own sentence, which may quote the address. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === "TimeoutError") return `no answer within ${HOOK_TIMEOUT_MS / 1000} s`;
  if (cause?.message === "unexpected redirect")
    return "it leads elsewhere (a redirect): configure the address it leads to";
  return cause?.code ?? "the request failed; is its address right?";
}

/** An address may hold a password or a token: only its host is ever told. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the webhook's address, which is no URL,";
}
