import type { z } from "zod";
import {
  liveJobSchema,
  queueDepthSchema,
  robotMetricsSchema,
  robotStatusSchema,
} from "../../shared/robot-messages.ts";
import { VERSION } from "../../shared/version.ts";
import { clientMessageSchema, serverFrameSchema } from "../../shared/ws-messages.ts";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";

interface Stream {
  readonly address: string;
  readonly description: string;
  readonly sends: Readonly<Record<string, z.ZodType>>;
  readonly receives: Readonly<Record<string, z.ZodType>>;
}

const STREAMS: Readonly<Record<string, Stream>> = {
  events: {
    address: "/ws",
    description: "Channels of events: jobs, system, device. Nothing is sent before SUBSCRIBE.",
    sends: byType(serverFrameSchema),
    receives: byType(clientMessageSchema),
  },
  liveJobs: {
    address: "/api/v1/ws/live-jobs",
    description: "Each change of a job's status.",
    sends: { live_job: liveJobSchema },
    receives: {},
  },
  robotStatus: {
    address: "/api/v1/ws/robot-status",
    description: "Every robot at connect, on change and every 5 s.",
    sends: { robot_status: robotStatusSchema },
    receives: {},
  },
  queueMetrics: {
    address: "/api/v1/ws/queue-metrics",
    description: "The queue's depth at connect, on change and every 5 s.",
    sends: { queue_depth: queueDepthSchema },
    receives: {},
  },
  metricsStream: {
    address: "/api/v1/ws/metrics/stream",
    description: "All metrics every `interval` (1 to 60) seconds.",
    sends: { metrics: robotMetricsSchema },
    receives: {},
  },
};

/** AsyncAPI 3 of everything that goes over WebSocket, from the very schemas that check it. */
export function asyncApi(): JsonSchema {
  return {
    asyncapi: "3.0.0",
    info: { title: "plotty events", version: VERSION, license: { name: "MIT" } },
    defaultContentType: "application/json",
    channels: Object.fromEntries(Object.entries(STREAMS).map(([name, stream]) => [name, channelOf(stream)])),
    operations: Object.fromEntries(
      Object.entries(STREAMS).flatMap(([name, stream]) => operationsOf(name, stream)),
    ),
  };
}

function channelOf({ address, description, sends, receives }: Stream): JsonSchema {
  const messages = Object.entries({ ...sends, ...receives }).map(([name, schema]) => [
    name,
    { name, payload: jsonSchema(schema) },
  ]);
  return { address, description, messages: Object.fromEntries(messages) };
}

function operationsOf(name: string, { sends, receives }: Stream): [string, JsonSchema][] {
  const operation = (action: string, messages: readonly string[]): JsonSchema => ({
    action,
    channel: { $ref: `#/channels/${name}` },
    messages: messages.map((message) => ({ $ref: `#/channels/${name}/messages/${message}` })),
  });
  const told: [string, JsonSchema] = [`${name}Tell`, operation("send", Object.keys(sends))];
  if (Object.keys(receives).length === 0) return [told];
  return [told, [`${name}Hear`, operation("receive", Object.keys(receives))]];
}

/** The members of a union that is told apart by `type`, under that name. */
function byType(union: typeof serverFrameSchema | typeof clientMessageSchema): Record<string, z.ZodType> {
  const members = union.options.map((member) => [member.shape.type.value, member] as const);
  return Object.fromEntries(members);
}
