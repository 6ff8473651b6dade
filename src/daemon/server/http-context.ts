import type { HttpBindings } from "@hono/node-server";
import type { Context, Handler } from "hono";
import type { Clock } from "../../shared/clock.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import type { AlertService, ConfigService, DeviceService, HookService, JobService } from "../services.ts";
import type { Streams } from "./orchestrator/streams.ts";
import type { RobotKeys } from "./orchestrator/tokens.ts";
import type { Spool } from "./spool.ts";
import type { States } from "./states.ts";
import type { Statistics } from "./statistics.ts";

/** What the HTTP API is made of. */
export interface HttpParts {
  readonly config: Config["websocket"];
  readonly orchestrator: Config["orchestrator"];
  readonly clock: Clock;
  readonly jobs: JobService;
  readonly spool: Spool;
  readonly devices: DeviceService;
  readonly alerts: AlertService;
  readonly configuration: ConfigService;
  readonly hooks: HookService;
  readonly states: States;
  readonly statistics: Statistics;
  readonly streams: Streams;
  readonly robotKeys: RobotKeys;
  readonly log: Logger;
  /** Paths that want a WebSocket. */
  readonly webSocketPaths: readonly string[];
}

export type HttpEnv = { Bindings: HttpBindings };
export type HttpContext = Context<HttpEnv>;
export type Routes = Readonly<Record<string, Partial<Record<Method, Handler<HttpEnv>>>>>;
type Method = "GET" | "POST" | "PATCH" | "DELETE";
