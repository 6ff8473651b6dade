import { PlottyError } from "../../shared/errors.ts";
import type { AlertList, AlertView } from "../../shared/http-messages.ts";
import { type HttpRequest, requestJson } from "../client/http.ts";
import { print, type Session, say } from "../session.ts";
import { oneLine } from "../text/format.ts";
import { parseFormat, showRows } from "../text/show.ts";
import { addressOf, type CommonOptions } from "./context.ts";

const HEAD = ["ID", "LEVEL", "SINCE", "TIMES", "STANDS", "MESSAGE"];
const SHORT_ID = 8;
const MOST = 1000;

/** `plotty alerts`: the open ones, or all that are kept. */
export async function listAlerts(
  session: Session,
  options: CommonOptions & { all?: boolean; format: string },
): Promise<number> {
  const format = parseFormat(options.format);
  const alerts = await fetchAlerts(session, options, options.all !== true);
  if (alerts.length === 0 && format !== "json") say(session, "no alerts");
  else await showRows(session, format, alerts, HEAD, alertRow);
  return 0;
}

/** `plotty alerts ack ID…`: prints the id of each alert that is acknowledged now. */
export async function acknowledgeAlerts(
  session: Session,
  ids: readonly string[],
  options: CommonOptions & { all?: boolean },
): Promise<number> {
  if (ids.length === 0 && !options.all) {
    throw new PlottyError(
      "usage.invalid",
      "name the alerts to acknowledge, or give --all: plotty alerts lists them",
    );
  }
  const known = await fetchAlerts(session, options, options.all === true);
  const wanted = options.all ? known : ids.map((id) => findAlert(known, id));
  for (const { id } of wanted) {
    await ask(session, options, "POST", `/alerts/${encodeURIComponent(id)}/ack`);
    await print(session, id);
  }
  if (wanted.length === 0) say(session, "no open alerts");
  return 0;
}

function findAlert(known: readonly AlertView[], start: string): AlertView {
  const [found, second] = known.filter(({ id }) => id.startsWith(start));
  if (found && (!second || found.id === start)) return found;
  const what = found
    ? `"${start}" begins several alerts: give more of the id`
    : `there is no alert "${start}"`;
  throw new PlottyError("alert.not-found", `${what}; plotty alerts --all lists them`, { id: start });
}

async function fetchAlerts(session: Session, options: CommonOptions, open: boolean): Promise<AlertView[]> {
  const alerts: AlertView[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      limit: String(MOST),
      ...(open && { open: "true" }),
      ...(cursor && { cursor }),
    });
    const page: AlertList = await ask<AlertList>(session, options, "GET", `/alerts?${query}`);
    alerts.push(...page.alerts);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return alerts;
}

function alertRow({
  id,
  level,
  raised_at,
  count,
  cleared_at,
  acknowledged_at,
  message,
}: AlertView): string[] {
  const stands = cleared_at !== null ? "over" : acknowledged_at !== null ? "seen" : "open";
  return [
    id.slice(0, SHORT_ID),
    level,
    raised_at.slice(0, 19).replace("T", " "),
    String(count),
    stands,
    oneLine(message),
  ];
}

function ask<T>(
  session: Session,
  options: CommonOptions,
  method: HttpRequest["method"],
  path: string,
): Promise<T> {
  const body = method === "POST" ? "{}" : undefined;
  return requestJson(
    addressOf(session, options),
    { method, path: `/api/v1${path}`, body },
    session.signal,
  ) as Promise<T>;
}
