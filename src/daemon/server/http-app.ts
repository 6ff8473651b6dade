import { Hono } from "hono";
import { PlottyError, toPlottyError } from "../../shared/errors.ts";
import { bearerOf, shownKey } from "./auth.ts";
import type { HttpContext, HttpEnv, HttpParts, Routes } from "./http-context.ts";
import { KEY_PREFIX } from "./orchestrator/tokens.ts";
import { isAllowedOrigin, isOwnHost } from "./origin.ts";
import { problemResponse } from "./problem.ts";
import { demandRole, EVENTS_PATH } from "./roles.ts";
import { alertRoutes } from "./routes-alerts.ts";
import { deviceRoutes } from "./routes-devices.ts";
import { hookRoutes } from "./routes-hooks.ts";
import { jobRoutes } from "./routes-jobs.ts";
import { keyRoutes } from "./routes-keys.ts";
import { systemRoutes } from "./routes-system.ts";

const STATE_CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** The HTTP API: who may ask, what there is, and errors as problem documents. */
export function httpApp(parts: HttpParts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.use(async (context, next) => {
    demandOwnHost(context, parts);
    demandBearer(context, parts);
    const beganMs = parts.clock.monotonicMs();
    await next();
    if (parts.log.isLevelEnabled("debug")) logAnswer(context, parts, beganMs);
  });
  register(app, {
    ...systemRoutes(parts),
    ...jobRoutes(parts.jobs, parts.spool),
    ...deviceRoutes(parts.devices, parts.jobs),
    ...keyRoutes(parts),
    ...alertRoutes(parts.alerts),
    ...hookRoutes(parts.hooks),
  });
  for (const path of parts.webSocketPaths) app.all(path, () => webSocketWanted(path));
  app.notFound((context) => problemResponse(notFound(context.req.path)));
  app.onError((thrown, context) => {
    const error = toPlottyError(thrown);
    if (error.status >= 500) parts.log.error({ err: error, path: context.req.path }, "request failed");
    const challenge = error.status === 401 ? { "www-authenticate": "Bearer" } : undefined;
    return problemResponse(error, challenge);
  });
  return app;
}

/** Each path with what it takes; any other method is 405 with the list. */
function register(app: Hono<HttpEnv>, routes: Routes): void {
  for (const [path, handlers] of Object.entries(routes)) {
    for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
    const allowed = Object.keys(handlers).join(", ");
    app.all(path, (context) => {
      const message = `${context.req.path} takes ${allowed}, not ${context.req.method}`;
      return problemResponse(new PlottyError("request.method-not-allowed", message, { allowed }), {
        allow: allowed,
      });
    });
  }
}

/** Without its query, in which a key may stand. */
function logAnswer({ req, res }: HttpContext, { log, clock }: HttpParts, beganMs: number): void {
  const ms = Math.round(clock.monotonicMs() - beganMs);
  log.debug({ method: req.method, path: req.path, status: res.status, ms }, "answered");
}

/** Against pages of strangers: a name that was made to point here, and requests that a browser sends for them. */
function demandOwnHost(context: HttpContext, { config }: HttpParts): void {
  const { incoming } = context.env;
  const { host, origin } = incoming.headers;
  if (!isOwnHost(host, config)) {
    throw new PlottyError(
      "auth.forbidden",
      "this Host is not this daemon; use localhost or its address, or list it in websocket.allowed_origins",
    );
  }
  const port = incoming.socket.localPort ?? 0;
  if (STATE_CHANGING.has(context.req.method) && !isAllowedOrigin(origin, port, config)) {
    throw new PlottyError(
      "auth.forbidden",
      "pages of this Origin may not change anything; list it in websocket.allowed_origins",
    );
  }
}

function demandBearer(context: HttpContext, { config, robotKeys }: HttpParts): void {
  const { method, path } = context.req;
  if (path === "/healthz") return;
  const key = shownKey(new URL(context.req.url), context.env.incoming.headers);
  const { role } = bearerOf(config, robotKeys, key);
  if (path === EVENTS_PATH && key?.startsWith(KEY_PREFIX) && robotKeys.find(key) === null) {
    throw new PlottyError("auth.wrong-key", "the robot key is unknown or was revoked");
  }
  demandRole(role, method, path);
}

function notFound(path: string): PlottyError {
  return new PlottyError(
    "request.not-found",
    `there is nothing at ${path}; the API begins at /api/v1/system`,
    { path },
  );
}

function webSocketWanted(path: string): Response {
  const line = `plotty is reachable; ${path} expects a WebSocket client, not a plain HTTP request\n`;
  return new Response(line, {
    status: 426,
    headers: { upgrade: "websocket", connection: "Upgrade", "content-type": "text/plain; charset=utf-8" },
  });
}
