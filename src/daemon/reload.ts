import { toPlottyError } from "../shared/errors.ts";
import type { ReloadReport } from "../shared/http-messages.ts";
import type { NewAlert } from "./alert-book.ts";
import type { LoadedConfig } from "./config.ts";
import type { Config } from "./config-schema.ts";
import type { Logger } from "./log.ts";
import type { ConfigService } from "./services.ts";

/**
 * What counts from the next look on, since its rooms read it each time; a section covers its keys. All else was built into
 * something that lives (a port, a process, a connection) and counts from the next start on.
 */
const AT_RUN_TIME = [
  "hooks",
  "logging",
  "pens",
  "papers",
  "planning",
  "queue",
  "alerts",
  "websocket.authenticate",
  "websocket.api_key",
  "websocket.api_key_file",
  "websocket.allowed_origins",
  "websocket.rate_limit",
];
const KEY = "config/reload";

export interface ReloaderOptions {
  /** The one that every room holds; its sections are changed in place. */
  readonly live: Config;
  readonly load: () => LoadedConfig;
  /** What holds a copy of its own is told. */
  readonly applied: () => void;
  readonly raise: (alert: NewAlert) => void;
  readonly over: (key: string, message: string) => void;
  readonly log: Logger;
}

/** Reads the configuration anew while the daemon runs. A bad one changes nothing. */
export class ConfigReloader implements ConfigService {
  readonly #options: ReloaderOptions;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Throws as loading does; the former configuration stays in force then, and an alert says so. */
  reload(): ReloadReport {
    const { live, applied, over, log } = this.#options;
    const next = this.#load();
    const keys = changedKeys(live, next.config);
    const changed = keys.filter(countsAtOnce);
    const afterRestart = keys.filter((key) => !countsAtOnce(key));
    for (const key of changed) replace(live, next.config, key.split("."));
    applied();
    for (const warning of next.warnings) log.warn(warning);
    log.info({ changed, after_restart: afterRestart }, "configuration reloaded");
    over(KEY, "the configuration is valid again and in force");
    return { file: next.file, changed, after_restart: afterRestart, warnings: [...next.warnings] };
  }

  #load(): LoadedConfig {
    const { load, raise, log } = this.#options;
    try {
      return load();
    } catch (error) {
      const message = `the configuration was not reloaded and the former one stays in force: ${(error as Error).message}`;
      log.error({ code: toPlottyError(error).code }, message);
      raise({ key: KEY, level: "error", source: "config", message });
      throw error;
    }
  }
}

/** Two levels deep, by name: `websocket.port`, `pens.red`, `devices`. Never a value. */
export function changedKeys(before: Config, after: Config): string[] {
  return keysOf(before, after).flatMap((section) => {
    const [old, fresh] = [valueAt(before, section), valueAt(after, section)];
    if (!isSection(old) || !isSection(fresh)) return same(old, fresh) ? [] : [section];
    return keysOf(old, fresh)
      .filter((key) => !same(old[key], fresh[key]))
      .map((key) => `${section}.${key}`);
  });
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function countsAtOnce(key: string): boolean {
  return AT_RUN_TIME.some((name) => key === name || key.startsWith(`${name}.`));
}

/** In place, since rooms hold the section itself. */
function replace(live: Config, next: Config, [section, key]: string[]): void {
  const [into, from] = [valueAt(live, section!), valueAt(next, section!)];
  if (!isSection(into) || !isSection(from) || key === undefined) return;
  if (key in from) into[key] = from[key];
  else delete into[key];
}

function valueAt(config: Config, section: string): unknown {
  return (config as Readonly<Record<string, unknown>>)[section];
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
