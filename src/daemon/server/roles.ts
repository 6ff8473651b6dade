import { PlottyError } from "../../shared/errors.ts";
import type { RobotKeyView } from "../../shared/http-messages.ts";

export const EVENTS_PATH = "/api/v1/events";
const KEYS_PATH = /^\/api\/v1\/(apikeys|tokens)(\/|$)/;

/**
 * What each role may do over HTTP: an operator everything, a robot read and publish events, a viewer only read; the keys
 * themselves are an operator's affair. Throws `auth.forbidden`.
 */
export function demandRole(role: RobotKeyView["role"], method: string, path: string): void {
  if (role === "operator") return;
  const isReading = method === "GET" || method === "HEAD";
  if (isReading && !KEYS_PATH.test(path)) return;
  if (role === "robot" && method === "POST" && path === EVENTS_PATH) return;
  const may = role === "robot" ? "read and publish events" : "read";
  throw new PlottyError(
    "auth.forbidden",
    `this key has the role ${role}: it may ${may}, not ${method} ${path}; plotty apikey create --role operator makes one that may`,
    { role },
  );
}
