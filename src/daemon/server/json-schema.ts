import { z } from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema as the world reads it; made from the one that checks, so that the two cannot differ. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
