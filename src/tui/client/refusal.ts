import { PlottyError } from "../../shared/errors.ts";
import type { Address } from "./address.ts";

/** The daemon asked for patience: too many connections, too many messages, too many failures. */
export function isCrowded(code: number, reason: string): boolean {
  return code === 1013 || code === 4029 || reason === "HTTP 429" || reason === "HTTP 503";
}

/** What an HTTP answer instead of an upgrade means: nothing when it is worth trying again. */
export function refusal(address: Address, status: number): PlottyError | undefined {
  if (status === 401) return new PlottyError("auth.wrong-key", keySentence(address, ""));
  if (status === 403) {
    return new PlottyError(
      "auth.forbidden",
      `${address.wsUrl} refuses this client (HTTP 403): check --url and --api-key`,
    );
  }
  if (status >= 500 || status === 429) return undefined;
  return new PlottyError(
    "daemon.unreachable",
    `what answers at ${address.wsUrl} is not a plotty daemon (HTTP ${status}): check --url`,
  );
}

/** What to do about a key that is missing or wrong. */
export function keySentence(address: Address, reason: string): string {
  const why = reason ? ` (${reason})` : "";
  return address.apiKey === undefined
    ? `the daemon at ${address.wsUrl} asks for a key${why}: give it with --api-key or PLOTTY_API_KEY`
    : `the daemon at ${address.wsUrl} does not take this key${why}: check --api-key or PLOTTY_API_KEY`;
}

/** Why a connection ended, in words. */
export function describeClose(code: number, text: string): string {
  return text || (code === 1006 ? "connection lost" : `closed with ${code}`);
}
