import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PlottyError } from "../shared/errors.ts";
import type { Config } from "./config-schema.ts";

export interface FilledConfig {
  readonly config: Config;
  /** One sentence for each secret's file that others may read. */
  readonly warnings: readonly string[];
}

/**
 * The configuration with its secrets read from the files that it names, so that nobody has to write one into it.
 * Throws `config.invalid` or `config.unreadable` with the key and the file, never with what stands in it.
 *
 * @param configFile what relative paths are beside; null: the working directory
 */
export function fillSecrets(config: Config, configFile: string | null): FilledConfig {
  const beside = configFile === null ? process.cwd() : dirname(resolve(configFile));
  const warnings: string[] = [];
  const read = (key: string, value: string | null | undefined, file: string | null | undefined) => {
    if (file === null || file === undefined) return value;
    if (value !== null && value !== undefined) {
      throw new PlottyError("config.invalid", `${key} and ${key}_file are both set: keep one`, { key });
    }
    const path = resolve(beside, file);
    warnings.push(...openToOthers(path));
    return readSecret(`${key}_file`, path);
  };
  const { websocket, orchestrator } = config;
  const hooks = Object.entries(config.hooks).map(([state, list]) => [
    state,
    list.map((hook, at) => ({
      ...hook,
      ...(hook.secret_file && {
        secret: read(`hooks.${state}.${at}.secret`, hook.secret, hook.secret_file)!,
      }),
    })),
  ]);
  const filled: Config = {
    ...config,
    websocket: {
      ...websocket,
      api_key: read("websocket.api_key", websocket.api_key, websocket.api_key_file) ?? null,
    },
    orchestrator: {
      ...orchestrator,
      jwt_secret:
        read("orchestrator.jwt_secret", orchestrator.jwt_secret, orchestrator.jwt_secret_file) ?? null,
    },
    hooks: Object.fromEntries(hooks),
  };
  return { config: filled, warnings };
}

/** Every secret of a configuration, so that none ever gets into a log line. */
export function secretsOf({ websocket, orchestrator, hooks }: Config): string[] {
  const signing = Object.values(hooks).flatMap((list) => list.map(({ secret }) => secret));
  return [websocket.api_key, orchestrator.jwt_secret, ...signing].filter(
    (secret) => typeof secret === "string",
  );
}

function readSecret(key: string, path: string): string {
  const secret = readText(key, path).trim();
  if (secret !== "") return secret;
  throw new PlottyError("config.invalid", `${key}: ${path} is empty; write the secret into it`, {
    key,
    file: path,
  });
}

function readText(key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const what = missing ? `there is no file ${path}` : `cannot read ${path}`;
    const message = `${key}: ${what}; make one that only this user can read (chmod 600)`;
    throw new PlottyError("config.unreadable", message, { key, file: path }, error);
  }
}

function openToOthers(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  const isOpen = found !== undefined && (found.mode & 0o077) !== 0;
  return isOpen ? [`${path} holds a secret and others on this machine can read it: chmod 600 ${path}`] : [];
}
