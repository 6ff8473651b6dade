import { stringify } from "yaml";
import { z } from "zod";
import { type Config, configSchema } from "../config-schema.ts";

const HIDDEN = "(set, not shown)";
const SECRET = /(^|_)(key|secret|token|password)$/;
const HEAD = `# plotty's configuration. Every key may be left out: what stands here are the defaults.
# Each can also be set in the environment, as PLOTTY_SECTION__KEY.
`;
const EXAMPLES: Readonly<Record<string, string>> = {
  devices: `# devices:                     # none listed: every EBB found on USB
#   - id: axidraw_001
#     driver: ebb              # ebb or virtual
#     port: auto               # auto (by USB ids), nickname:NAME, or a path such as /dev/ttyACM0
#     model: axidraw_v3
#     require_ready: true      # the paper gate
`,
  papers: `# papers:                      # a6 to a2, letter, legal and tabloid are built in
#   postcard: {width_mm: 148, height_mm: 105, margin_mm: 5}
`,
  hooks: `# hooks:                       # by state; {job_id}, {name}, {reason} … are inserted shell-quoted
#   COMPLETED:
#     - command: "notify-send plotty {job_id}"
`,
};

/**
 * All keys with their defaults and what they mean, as `plotty config init` writes it.
 *
 * @param schema where editors find the JSON Schema, so that they complete and check; null: nowhere
 */
export function defaultConfigText(schema: string | null = null): string {
  const defaults = configSchema.parse({});
  const sections = Object.entries(configSchema.shape).map(([name, schema]) => {
    const value = defaults[name as keyof Config];
    return EXAMPLES[name] ?? sectionText(name, schema, value, 0);
  });
  const hint = schema === null ? "" : `# yaml-language-server: $schema=${schema}\n`;
  return `${hint}${HEAD}\n${sections.join("\n")}`;
}

/** The configuration in force as YAML or JSON, without its secrets. */
export function shownConfig(config: Config): unknown {
  return withoutSecrets(config);
}

function sectionText(name: string, schema: z.ZodType, value: unknown, depth: number): string {
  const indent = "  ".repeat(depth);
  const inner = bare(schema);
  if (inner instanceof z.ZodObject && isSection(value)) {
    const keys = Object.entries(inner.shape).map(([key, child]) =>
      sectionText(key, child as z.ZodType, value[key], depth + 1),
    );
    return `${indent}${name}:\n${keys.join("")}`;
  }
  const line = `${indent}${name}: ${stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd()}`;
  const meaning = schema.description;
  return `${meaning ? `${line.padEnd(40)} # ${meaning}` : line}\n`;
}

function bare(schema: z.ZodType): z.ZodType {
  const wrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable;
  return wrapped ? bare(schema.unwrap() as z.ZodType) : schema;
}

function withoutSecrets(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item));
  if (isSection(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutSecrets(child, key)]));
  }
  if (typeof value !== "string") return value;
  if (name === "webhook") return withoutCredentials(value);
  return SECRET.test(name) && name !== "jwt_public_key" ? HIDDEN : value;
}

/** A webhook's address may hold a password, or a token in its query. */
function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname, username, search } = new URL(address);
  return `${protocol}//${username ? `${HIDDEN}@` : ""}${host}${pathname}${search ? `?${HIDDEN}` : ""}`;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
