import { PlottyError } from "../../shared/errors.ts";
import type { HookResults, UndeliveredList, UndeliveredView } from "../../shared/http-messages.ts";
import { type HttpRequest, requestJson } from "../client/http.ts";
import { print, type Session, say } from "../session.ts";
import { oneLine } from "../text/format.ts";
import { parseFormat, showRows } from "../text/show.ts";
import { addressOf, type CommonOptions } from "./context.ts";

interface Printing extends CommonOptions {
  readonly format: string;
}
interface Many extends CommonOptions {
  readonly all?: boolean;
}

const RESULT_HEAD = ["HOOK", "WENT", "MS", "SAID"];
const LIST_HEAD = ["ID", "STATE", "ABOUT", "TO", "TRIES", "NEXT", "WHY"];

/** `plotty hooks test STATE`: 0 when every hook went well. */
export async function testHooks(
  session: Session,
  state: string,
  options: Printing & { job?: string },
): Promise<number> {
  const format = parseFormat(options.format);
  const body = { state, ...(options.job !== undefined && { job_id: options.job }) };
  const { results } = await ask<HookResults>(session, options, "POST", "/test", body);
  if (results.length === 0 && format !== "json")
    say(session, `no hooks for ${state.toUpperCase()}: add one under hooks:`);
  else await showRows(session, format, results, RESULT_HEAD, resultRow);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

/** `plotty hooks list` */
export async function listUndelivered(session: Session, options: Printing): Promise<number> {
  const format = parseFormat(options.format);
  const webhooks = await undelivered(session, options);
  if (webhooks.length === 0 && format !== "json") say(session, "every webhook was delivered");
  else await showRows(session, format, webhooks, LIST_HEAD, webhookRow);
  return 0;
}

/** `plotty hooks retry ID…`: 0 when all of them were taken. */
export async function retryWebhooks(
  session: Session,
  ids: readonly string[],
  options: Many,
): Promise<number> {
  const wanted = await chosen(session, ids, options);
  for (const id of wanted)
    await ask(session, options, "POST", `/undelivered/${encodeURIComponent(id)}/retry`, {});
  const left = (await undelivered(session, options)).filter(({ id }) => wanted.includes(String(id)));
  for (const { id, host, error } of left) say(session, `${id} to ${host} was not taken: ${error}`);
  return left.length === 0 ? 0 : 1;
}

/** `plotty hooks drop ID…` */
export async function dropWebhooks(session: Session, ids: readonly string[], options: Many): Promise<number> {
  for (const id of await chosen(session, ids, options)) {
    await ask(session, options, "DELETE", `/undelivered/${encodeURIComponent(id)}`);
    await print(session, id);
  }
  return 0;
}

async function chosen(session: Session, ids: readonly string[], options: Many): Promise<string[]> {
  if (options.all) return (await undelivered(session, options)).map(({ id }) => String(id));
  if (ids.length > 0) return [...ids];
  throw new PlottyError("usage.invalid", "name the webhooks, or give --all: plotty hooks list shows them");
}

async function undelivered(session: Session, options: CommonOptions): Promise<UndeliveredView[]> {
  return (await ask<UndeliveredList>(session, options, "GET", "/undelivered")).webhooks;
}

function resultRow({ kind, ok, duration_ms, output, error }: HookResults["results"][number]): string[] {
  const said = (error ?? output).trim().split("\n").at(-1) ?? "";
  return [kind, ok ? "well" : "wrong", String(duration_ms), oneLine(said)];
}

function webhookRow({ id, state, subject, host, attempts, next_at, error }: UndeliveredView): string[] {
  return [String(id), state, subject, host, String(attempts), next_at ?? "given up", oneLine(error ?? "")];
}

function ask<T>(
  session: Session,
  options: CommonOptions,
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
): Promise<T> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const request = { method, path: `/api/v1/hooks${path}`, body: text };
  return requestJson(addressOf(session, options), request, session.signal) as Promise<T>;
}
