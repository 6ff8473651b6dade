import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config-schema.ts";
import { readableLines } from "./log-lines.ts";

/** One logger a module: `log.module("plotty.websocket").info({ connections: 3 }, "client connected")`. */
export interface Log {
  module(name: string): Logger;
}

export type { Logger } from "pino";

/** Where lines go: a process's stderr, or anything that takes text. */
export interface LogStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Keys whose values never reach a log line, at the top of an entry or one level down. */
const SECRET_KEYS = [
  "api_key",
  "apiKey",
  "key",
  "token",
  "secret",
  "jwt_secret",
  "authorization",
  "password",
];
const REDACTED = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * The daemon's log. JSON lines on a pipe, readable lines on a terminal.
 * With `logging.modules` set only those modules speak (a name also covers what stands below it: `plotty` is all);
 * errors are told by every module, since a silenced failure helps nobody.
 */
export function createLog(logging: Config["logging"], stream: LogStream): Log {
  const destination: DestinationStream = stream.isTTY
    ? readableLines(stream)
    : { write: (line) => stream.write(line) };
  const root = pino(
    {
      level: pinoLevel(logging.level),
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: "[secret]" },
    },
    destination,
  );
  return {
    module: (name) => root.child({ module: name }, { level: levelOf(name, logging) }),
  };
}

function levelOf(module: string, logging: Config["logging"]): string {
  if (logging.level === "silent" || isWanted(module, logging.modules)) return pinoLevel(logging.level);
  return logging.level === "fatal" ? "fatal" : "error";
}

function isWanted(module: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((name) => module === name || module.startsWith(`${name}.`));
}

function pinoLevel(level: Config["logging"]["level"]): string {
  return level === "warning" ? "warn" : level;
}
