import type { z } from "zod";
import { PlottyError } from "../shared/errors.ts";
import type { ConfigFile, KeyPath } from "./config-file.ts";
import { nearestKey } from "./schema-keys.ts";

export interface IssueSources {
  readonly file: ConfigFile | null;
  readonly variables: ReadonlyMap<string, string>;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is wrong with a configuration, in one sentence that names the place and the key, and no value. */
export function complaint(issue: z.core.$ZodIssue, sources: IssueSources): PlottyError {
  if (issue.code === "unrecognized_keys") return unknownKey([...issue.path, issue.keys[0]!], sources);
  const key = issue.path.map(String).join(".");
  const message = `${placeOf(issue.path, sources)}${key} ${claim(issue, valueAt(sources.values, issue.path))}`;
  return new PlottyError("config.invalid", message, { key, ...position(issue.path, sources) });
}

function unknownKey(path: KeyPath, sources: IssueSources): PlottyError {
  const key = path.map(String).join(".");
  const nearest = nearestKey(path);
  const message = `${placeOf(path, sources)}unknown key ${key}; the nearest valid key is ${nearest}`;
  return new PlottyError("config.invalid", message, { key, nearest, ...position(path, sources) });
}

/** The source that won, since its value is the wrong one: flag, variable, then the line of the file. */
function placeOf(path: KeyPath, { file, variables, flags }: IssueSources): string {
  if (valueAt(flags, path) !== undefined) return "command line: ";
  for (let length = path.length; length > 0; length--) {
    const variable = variables.get(path.slice(0, length).map(String).join("."));
    if (variable) return `${variable}: `;
  }
  for (let length = path.length; length > 0; length--) {
    const place = file?.at(path.slice(0, length));
    if (place) return place;
  }
  return "";
}

function position(path: KeyPath, { file }: IssueSources): { file?: string; line?: number; column?: number } {
  const place = file?.place(path);
  return file && place ? { file: file.path, ...place } : {};
}

const KINDS: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "a section with keys",
  record: "a section with keys",
};

function claim(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must be ${issue.inclusive ? "at least" : "more than"} ${sizeOf(issue.minimum, issue.origin)}`;
    case "too_big":
      return `must be ${issue.inclusive ? "at most" : "less than"} ${sizeOf(issue.maximum, issue.origin)}`;
    case "invalid_format":
      return issue.format === "regex" ? `must match ${issue.pattern}` : `must be a valid ${issue.format}`;
    default:
      return `is not valid: ${issue.message}`;
  }
}

function sizeOf(limit: number | bigint, origin: string): string {
  if (origin === "string") return `${limit} character${limit === 1 ? "" : "s"} long`;
  return origin === "array" ? `${limit} entries long` : String(limit);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a fraction";
  return KINDS[typeof value] ?? typeof value;
}

function valueAt(values: unknown, path: KeyPath): unknown {
  let value: unknown = values;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
