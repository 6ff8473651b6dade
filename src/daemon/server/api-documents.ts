import type { z } from "zod";
import {
  liveJobSchema,
  publishedEventSchema,
  queueDepthSchema,
  robotMetricsSchema,
  robotStatusSchema,
} from "../../shared/robot-messages.ts";
import { clientMessageSchema, serverFrameSchema } from "../../shared/ws-messages.ts";
import { configSchema } from "../config-schema.ts";
import { asyncApi } from "./asyncapi.ts";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";
import { openApi } from "./openapi.ts";

/** The published descriptions by file name: both API documents, and one JSON Schema for each message. */
export function apiDocuments(): Record<string, JsonSchema> {
  return {
    "asyncapi.json": asyncApi(),
    "openapi.json": openApi(),
    "schemas/config.json": {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "plotty's configuration",
      ...jsonSchema(configSchema),
    },
    ...schemas("events", byType(serverFrameSchema)),
    ...schemas("client", byType(clientMessageSchema)),
    ...schemas("orchestrator", {
      live_job: liveJobSchema,
      robot_status: robotStatusSchema,
      queue_depth: queueDepthSchema,
      metrics: robotMetricsSchema,
      published_event: publishedEventSchema,
    }),
  };
}

function schemas(folder: string, messages: Readonly<Record<string, z.ZodType>>): Record<string, JsonSchema> {
  const files = Object.entries(messages).map(([name, schema]) => [
    `schemas/${folder}/${name}.json`,
    { $schema: "https://json-schema.org/draft/2020-12/schema", title: name, ...jsonSchema(schema) },
  ]);
  return Object.fromEntries(files);
}

function byType(union: typeof serverFrameSchema | typeof clientMessageSchema): Record<string, z.ZodType> {
  return Object.fromEntries(union.options.map((member) => [member.shape.type.value, member] as const));
}
