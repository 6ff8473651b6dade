import { parseDocument } from "yaml";
import { z } from "zod";
import { PlottyError } from "../shared/errors.ts";
import { plainValue } from "./config-file.ts";
import { keysOf, nearestKey, schemaAt } from "./schema-keys.ts";

export interface EnvironmentValues {
  readonly values: Record<string, unknown>;
  /** The variable that set each key: `websocket.port` → `PLOTTY_WEBSOCKET__PORT`. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Configuration from variables such as `PLOTTY_WEBSOCKET__PORT=9000`; values are YAML, so lists work too. */
export function environmentValues(env: NodeJS.ProcessEnv): EnvironmentValues {
  const values: Record<string, unknown> = {};
  const variables = new Map<string, string>();
  for (const [name, text] of Object.entries(env)) {
    if (!isConfigVariable(name) || !text) continue;
    const keys = keysOfVariable(name);
    variables.set(keys.join("."), name);
    setAt(values, keys, parseValue(name, keys, text));
  }
  return { values, variables };
}

/** Only what has a section, or names a whole one, is ours: `PLOTTY_URL` and the like are the client's. */
function isConfigVariable(name: string): boolean {
  if (!name.startsWith("PLOTTY_")) return false;
  const rest = name.slice("PLOTTY_".length);
  return rest.includes("__") || keysOf(schemaAt([])).includes(rest.toLowerCase());
}

function keysOfVariable(name: string): string[] {
  const keys: string[] = [];
  for (const word of name.slice("PLOTTY_".length).split("__")) {
    const section = schemaAt(keys);
    const known = keysOf(section);
    const key =
      known.find((candidate) => candidate.toLowerCase() === word.toLowerCase()) ?? word.toLowerCase();
    const isFree = section instanceof z.ZodRecord && known.length === 0;
    if (!isFree && !known.includes(key)) throw unknownVariable(name, [...keys, key]);
    keys.push(key);
  }
  return keys;
}

function unknownVariable(name: string, keys: readonly string[]): PlottyError {
  const nearest = nearestKey(keys);
  const variable = `PLOTTY_${nearest.toUpperCase().replaceAll(".", "__")}`;
  return new PlottyError(
    "config.invalid",
    `${name}: there is no key ${keys.join(".")}; the nearest is ${nearest} (${variable})`,
    { variable: name, key: keys.join("."), nearest },
  );
}

/** Text stays text where text is wanted: a key of digits is no number. */
function parseValue(name: string, keys: readonly string[], text: string): unknown {
  if (schemaAt(keys) instanceof z.ZodString) return text === "null" ? null : text;
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    throw new PlottyError(
      "config.invalid",
      `${name}: the value is not valid YAML; quote it, or write lists as [a, b]`,
      { variable: name },
    );
  }
  return plainValue(document, name);
}

function setAt(values: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [first, ...rest] = keys;
  if (first === undefined) return;
  if (rest.length === 0) {
    values[first] = value;
    return;
  }
  const below = values[first];
  const section = typeof below === "object" && below !== null ? (below as Record<string, unknown>) : {};
  values[first] = section;
  setAt(section, rest, value);
}
