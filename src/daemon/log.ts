import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config-schema.ts";
import { readableLines } from "./log-lines.ts";

/** One logger a module: `log.module("plotty.websocket").info({ connections: 3 }, "client connected")`. */
export interface Log {
  module(name: string): Logger;
  /** Another level or other modules, from now on. */
  configure(logging: Config["logging"]): void;
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
/** Keys in a URL, and robot keys anywhere, whatever field or sentence they stand in. */
const IN_TEXT: readonly [RegExp, string][] = [
  [/([?&](?:api_key|token|key)=)[^&\s"'\\#]+/gi, "$1[secret]"],
  [/\bcrpa_[A-Za-z0-9_-]{8,}/g, "crpa_[secret]"],
  [/\b(Bearer\s+)[^\s"'\\]+/gi, "$1[secret]"],
];
/** Shorter ones would blank half the log, and protect nothing. */
const SHORTEST_SECRET = 6;
const REDACTED = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * The daemon's log. JSON lines on a pipe, readable lines on a terminal.
 * With `logging.modules` set only those modules speak (a name also covers what stands below it: `plotty` is all);
 * errors are told by every module, since a silenced failure helps nobody.
 *
 * @param secrets what must not stand in a line, whatever put it there
 */
export function createLog(
  logging: Config["logging"],
  stream: LogStream,
  secrets: () => readonly string[] = () => [],
): Log {
  const write = (line: string) => stream.write(withoutSecrets(line, secrets()));
  const destination: DestinationStream = stream.isTTY ? readableLines({ write }) : { write };
  const modules: { name: string; logger: Logger }[] = [];
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
  let current = logging;
  return {
    module: (name) => {
      const logger = root.child({ module: name }, { level: levelOf(name, current) });
      modules.push({ name, logger });
      return logger;
    },
    configure: (next) => {
      current = next;
      for (const { name, logger } of modules) logger.level = levelOf(name, next);
    },
  };
}

function withoutSecrets(line: string, secrets: readonly string[]): string {
  let clean = line;
  for (const [pattern, replacement] of IN_TEXT) clean = clean.replace(pattern, replacement);
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET)
      clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), "[secret]");
  }
  return clean;
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
