import { z } from "zod";
import { configSchema } from "./config-schema.ts";

/** The schema below a key, without the wrappers for defaults; undefined where there is none. */
export function schemaAt(keys: readonly PropertyKey[]): z.ZodType | undefined {
  let schema: z.ZodType | undefined = configSchema;
  for (const key of keys) schema = schema && childOf(schema, key);
  return schema && bare(schema);
}

/** The keys that a section may have; those of a free-form section (pens) are anyone's choice: none. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  const names = schema instanceof z.ZodRecord && bare(schema.keyType as z.ZodType);
  return names instanceof z.ZodEnum ? names.options.map(String) : [];
}

/** Every key that is a value, not a section, in full: `websocket.port`. */
export function allKeys(schema: z.ZodType = configSchema, prefix = ""): string[] {
  return keysOf(schema).flatMap((key) => {
    const child = schemaBelow(schema, key);
    const full = `${prefix}${key}`;
    return child instanceof z.ZodObject ? [full, ...allKeys(child, `${full}.`)] : [full];
  });
}

/** The valid key that looks most like `keys`: best beside it, else anywhere. */
export function nearestKey(keys: readonly PropertyKey[]): string {
  const name = String(keys.at(-1));
  const parent = keys.slice(0, -1).map(String);
  const siblings = keysOf(schemaAt(keys.slice(0, -1))).map((key) => [...parent, key].join("."));
  const scored = [
    ...siblings.map((key) => ({ key, away: 0 })),
    ...allKeys().map((key) => ({ key, away: 2 })),
  ].map(({ key, away }) => ({ key, score: away + unlikeness(name, key.slice(key.lastIndexOf(".") + 1)) }));
  return scored.reduce((best, next) => (next.score < best.score ? next : best)).key;
}

/** A word that was left off at the end, or written where it does not belong, is as near as one slip. */
function unlikeness(name: string, key: string): number {
  const isPart = name.length > 3 && key.length > 3 && (key.startsWith(name) || name.startsWith(key));
  return isPart ? 1 : distance(name, key);
}

/** Levenshtein: insertions, deletions and replacements of one character. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

function childOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  return schemaBelow(bare(schema), key);
}

function schemaBelow(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const child = (schema.shape as Record<string, z.ZodType>)[String(key)];
    return child && bare(child);
  }
  if (schema instanceof z.ZodRecord) return bare(schema.valueType as z.ZodType);
  if (schema instanceof z.ZodArray) return bare(schema.element as z.ZodType);
  return undefined;
}

function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodOptional
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}
