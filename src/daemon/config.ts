import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { PlottyError } from "../shared/errors.ts";
import { ConfigFile } from "./config-file.ts";
import { complaint } from "./config-issues.ts";
import { type Config, configSchema } from "./config-schema.ts";
import { fillSecrets } from "./config-secrets.ts";
import { environmentValues } from "./environment.ts";

export interface ConfigSources {
  /** Values given on the command line, in the shape of the configuration; what is undefined was not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
  /** `--config`: must exist. */
  readonly file?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The file that was read; null when there is none. */
  readonly file: string | null;
  /** One sentence each on what is allowed but probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * The configuration: a flag goes before the environment, that before the file, that before the defaults.
 * Throws `config.invalid` with the key, the line and the nearest valid key; never with a value, which may be a secret.
 */
export function loadConfig({ flags = {}, env, file }: ConfigSources): LoadedConfig {
  const path = file ?? (env.PLOTTY_CONFIG || null) ?? existing(defaultConfigFile(env));
  const fromFile = path === null ? null : readConfigFile(path);
  const fromEnv = environmentValues(env);
  const values = merge(merge(fromFile?.values ?? {}, fromEnv.values), flags);
  const parsed = configSchema.safeParse(values);
  const sources = { file: fromFile, variables: fromEnv.variables, flags, values };
  if (!parsed.success) throw complaint(parsed.error.issues[0]!, sources);
  const { config, warnings } = fillSecrets(parsed.data, path);
  refuseKeylessDoor(config, fromFile);
  return { config, file: path, warnings: [...warningsOf(config, path, fromFile?.values ?? {}), ...warnings] };
}

/** Where jobs and the database live. */
export function dataDir(config: Pick<Config, "data_dir">, env: NodeJS.ProcessEnv): string {
  if (env.PLOTTY_DATA_DIR) return env.PLOTTY_DATA_DIR;
  if (config.data_dir !== null) return config.data_dir;
  return join(env.XDG_DATA_HOME || join(home(env), ".local", "share"), "plotty");
}

export function defaultConfigFile(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(home(env), ".config"), "plotty", "config.yaml");
}

function home(env: NodeJS.ProcessEnv): string {
  return env.HOME || homedir();
}

function existing(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false }) ? path : null;
}

function readConfigFile(path: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const flaw = error.code.toLowerCase().replaceAll("_", " ");
    throw new PlottyError(
      "config.invalid",
      `${path}:${line}: not valid YAML at column ${col} (${flaw}); mind indentation and quotes`,
      {
        file: path,
        line,
      },
    );
  }
  return new ConfigFile(path, document, lines);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const what = missing ? "there is no configuration file" : "cannot read the configuration file";
    throw new PlottyError(
      "config.unreadable",
      `${what} ${path}; check --config or PLOTTY_CONFIG`,
      { file: path },
      error,
    );
  }
}

/** `over` wins; sections are merged key by key, lists and single values replaced. */
function merge(
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = merged[key];
    merged[key] = isSection(old) && isSection(value) ? merge(old, value) : value;
  }
  return merged;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuseKeylessDoor({ websocket }: Config, file: ConfigFile | null): void {
  if (!websocket.authenticate || websocket.api_key !== null) return;
  const at = file?.at(["websocket", "authenticate"]) ?? "";
  throw new PlottyError(
    "config.invalid",
    `${at}websocket.authenticate is true, but websocket.api_key is not set; set it, websocket.api_key_file, or PLOTTY_WEBSOCKET__API_KEY`,
    { key: "websocket.api_key" },
  );
}

function warningsOf({ websocket }: Config, path: string | null, written: Record<string, unknown>): string[] {
  const warnings: string[] = [];
  if (!["localhost", "127.0.0.1", "::1"].includes(websocket.host) && !websocket.authenticate) {
    warnings.push(
      `websocket.host is ${websocket.host} without websocket.authenticate: anyone who reaches that address can plot`,
    );
  }
  if (websocket.api_key !== null && !websocket.authenticate) {
    warnings.push("websocket.api_key is set but not asked for, since websocket.authenticate is false");
  }
  const holdsKey = isSection(written.websocket) && typeof written.websocket.api_key === "string";
  if (path !== null && holdsKey && (statSync(path).mode & 0o077) !== 0) {
    warnings.push(`${path} holds a key and others on this machine can read it: chmod 600 ${path}`);
  }
  return warnings;
}
