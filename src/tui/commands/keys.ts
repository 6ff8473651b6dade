import { PlottyError } from "../../shared/errors.ts";
import {
  type CreatedRobotKey,
  type CreatedToken,
  ROBOT_ROLES,
  type RobotKeyView,
} from "../../shared/http-messages.ts";
import { type HttpRequest, requestJson } from "../client/http.ts";
import { print, type Session, say } from "../session.ts";
import { parseFormat, showRows } from "../text/show.ts";
import { addressOf, type CommonOptions } from "./context.ts";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const HEAD = ["ID", "NAME", "ROLE", "MADE", "LAST USED"];

/** `plotty token create`: the token alone on stdout. */
export async function createToken(
  session: Session,
  options: CommonOptions & { expires: string },
): Promise<number> {
  const body = { expires_in: parseDuration(options.expires) };
  const made = await ask<CreatedToken>(session, options, "POST", "/tokens", body);
  await print(session, made.token);
  say(session, `valid until ${made.expires_at}`);
  return 0;
}

/** `plotty apikey create`: the key alone on stdout; nobody can show it again. */
export async function createKey(
  session: Session,
  options: CommonOptions & { name: string; role: string },
): Promise<number> {
  if (!(ROBOT_ROLES as readonly string[]).includes(options.role)) {
    throw new PlottyError("usage.invalid", `--role is ${ROBOT_ROLES.join(", ")}, not "${options.role}"`);
  }
  const body = { name: options.name, role: options.role };
  const made = await ask<CreatedRobotKey>(session, options, "POST", "/apikeys", body);
  await print(session, made.key);
  say(session, `${made.id}: keep the key, it is shown only now`);
  return 0;
}

/** `plotty apikey list` */
export async function listKeys(
  session: Session,
  options: CommonOptions & { format: string },
): Promise<number> {
  const format = parseFormat(options.format);
  const { keys } = await ask<{ keys: RobotKeyView[] }>(session, options, "GET", "/apikeys");
  if (keys.length === 0 && format !== "json") say(session, "no keys: make one with plotty apikey create");
  else await showRows(session, format, keys, HEAD, keyRow);
  return 0;
}

/** `plotty apikey revoke ID`: its connections end within seconds. */
export async function revokeKey(session: Session, id: string, options: CommonOptions): Promise<number> {
  await ask(session, options, "DELETE", `/apikeys/${encodeURIComponent(id)}`);
  await print(session, `${id} is revoked`);
  return 0;
}

function keyRow({ id, name, role, created_at, last_used }: RobotKeyView): string[] {
  return [id, name, role, created_at, last_used ?? "never"];
}

function ask<T>(
  session: Session,
  options: CommonOptions,
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
): Promise<T> {
  const request = {
    method,
    path: `/api/v1${path}`,
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  return requestJson(addressOf(session, options), request, session.signal) as Promise<T>;
}

/** @returns seconds */
function parseDuration(text: string): number {
  const [, count, unit] = /^(\d+)\s*([smhd])$/.exec(text.trim()) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count) * SECONDS[unit!]!;
  throw new PlottyError("usage.invalid", `--expires is a time such as 90s, 15m, 12h or 30d, not "${text}"`);
}
