import type { z } from "zod";
import {
  alertListSchema,
  alertQuerySchema,
  alertViewSchema,
  createdRobotKeySchema,
  createdTokenSchema,
  DEVICE_ACTION_BODIES,
  deviceListSchema,
  deviceStatsSchema,
  hookResultsSchema,
  hookTestSchema,
  jobListSchema,
  jobQuerySchema,
  jobStatsSchema,
  newRobotKeySchema,
  newTokenSchema,
  patchFieldsSchema,
  planDocumentSchema,
  problemSchema,
  reloadReportSchema,
  robotKeyListSchema,
  submitFieldsSchema,
  systemAnswerSchema,
  undeliveredListSchema,
  websocketStatsSchema,
} from "../../shared/http-messages.ts";
import { publishedEventSchema } from "../../shared/robot-messages.ts";
import { VERSION } from "../../shared/version.ts";
import { deviceViewSchema, jobViewSchema } from "../../shared/ws-messages.ts";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";

interface Operation {
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** Request headers that mean something here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON body. */
  readonly body?: z.ZodType;
  /** JSON answer; a text is the content type of another. */
  readonly answer?: z.ZodType | string;
  readonly status?: number;
}

type Method = "get" | "post" | "patch" | "delete";

const deviceActions = Object.entries(DEVICE_ACTION_BODIES).map(([name, body]) => [
  `/api/v1/devices/{id}/${name}`,
  { post: { summary: `Device: ${name}`, body, answer: deviceViewSchema } },
]);

const jobCommands = ["pause", "resume", "cancel", "retry"].map((name) => [
  `/api/v1/jobs/{id}/${name}`,
  { post: { summary: `Job: ${name}`, answer: jobViewSchema } },
]);

const IF_MATCH = { "If-Match": "the ETag of the job as it was read: 412 when it has changed since" };

const OPERATIONS: Readonly<Record<string, Partial<Record<Method, Operation>>>> = {
  "/healthz": { get: { summary: "Alive", answer: "application/json" } },
  "/readyz": { get: { summary: "Ready to take jobs", answer: "application/json" } },
  "/metrics": { get: { summary: "Prometheus metrics", answer: "text/plain" } },
  "/api/v1/system": { get: { summary: "The daemon itself", answer: systemAnswerSchema } },
  "/api/v1/jobs": {
    get: { summary: "Jobs, by state and in pages", query: jobQuerySchema, answer: jobListSchema },
    post: {
      summary: "Submit a drawing: the SVG as the body, or a form with a file field; options in either",
      query: submitFieldsSchema,
      headers: {
        "Idempotency-Key": "the same key with the same drawing makes one job, however often it is sent",
      },
      answer: jobViewSchema,
      status: 201,
    },
  },
  "/api/v1/jobs/{id}": {
    get: { summary: "One job", answer: jobViewSchema },
    patch: { summary: "Change a job", headers: IF_MATCH, body: patchFieldsSchema, answer: jobViewSchema },
    delete: { summary: "Remove a job", headers: IF_MATCH, status: 204 },
  },
  ...Object.fromEntries(jobCommands),
  "/api/v1/jobs/{id}/preview.svg": { get: { summary: "What will be drawn", answer: "image/svg+xml" } },
  "/api/v1/jobs/{id}/plan.json": {
    get: { summary: "What will be drawn, as polylines in mm", answer: planDocumentSchema },
  },
  "/api/v1/devices": { get: { summary: "The machines", answer: deviceListSchema } },
  "/api/v1/devices/{id}": { get: { summary: "One machine", answer: deviceViewSchema } },
  ...Object.fromEntries(deviceActions),
  "/api/v1/hooks/test": {
    post: { summary: "Run the hooks of a state now", body: hookTestSchema, answer: hookResultsSchema },
  },
  "/api/v1/hooks/undelivered": {
    get: { summary: "Webhooks that their receivers have not taken", answer: undeliveredListSchema },
  },
  "/api/v1/hooks/undelivered/{id}": { delete: { summary: "Forget one", status: 204 } },
  "/api/v1/hooks/undelivered/{id}/retry": {
    post: { summary: "Try one again now", answer: undeliveredListSchema },
  },
  "/api/v1/config/reload": {
    post: { summary: "Read the configuration anew", answer: reloadReportSchema },
  },
  "/api/v1/alerts": {
    get: { summary: "Alerts, newest first, in pages", query: alertQuerySchema, answer: alertListSchema },
  },
  "/api/v1/alerts/{id}/ack": { post: { summary: "Somebody has seen it", answer: alertViewSchema } },
  "/api/v1/apikeys": {
    get: { summary: "Robot keys, without the keys themselves", answer: robotKeyListSchema },
    post: {
      summary: "Make a robot key; shown only here",
      body: newRobotKeySchema,
      answer: createdRobotKeySchema,
      status: 201,
    },
  },
  "/api/v1/apikeys/{id}": { delete: { summary: "Revoke a robot key", status: 204 } },
  "/api/v1/tokens": {
    post: {
      summary: "Sign a token (JWT) for the orchestrator streams",
      body: newTokenSchema,
      answer: createdTokenSchema,
      status: 201,
    },
  },
  "/api/v1/events": {
    post: { summary: "Publish to the orchestrator streams", body: publishedEventSchema, status: 202 },
  },
  "/api/v1/stats/websocket": { get: { summary: "Connections and traffic", answer: websocketStatsSchema } },
  "/api/v1/stats/jobs": { get: { summary: "Jobs by state", answer: jobStatsSchema } },
  "/api/v1/stats/devices": { get: { summary: "Machines by status", answer: deviceStatsSchema } },
};

/** OpenAPI 3.1 of the HTTP API, from the very schemas that check it. */
export function openApi(): JsonSchema {
  return {
    openapi: "3.1.0",
    info: { title: "plotty", version: VERSION, license: { name: "MIT", identifier: "MIT" } },
    paths: Object.fromEntries(
      Object.entries(OPERATIONS).map(([path, methods]) => [path, pathOf(path, methods)]),
    ),
    components: {
      schemas: { Problem: jsonSchema(problemSchema) },
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description:
            "websocket.api_key, or a robot key: a viewer reads, a robot publishes events too, an operator may everything",
        },
      },
    },
    security: [{}, { key: [] }],
  };
}

function pathOf(path: string, methods: Partial<Record<Method, Operation>>): JsonSchema {
  const operations = Object.entries(methods).map(([method, operation]) => [method, operationOf(operation)]);
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return { ...(path.includes("{id}") ? { parameters: [id] } : {}), ...Object.fromEntries(operations) };
}

function operationOf({ summary, query, headers, body, answer, status = 200 }: Operation): JsonSchema {
  const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return {
    summary,
    ...(query || headers ? { parameters: [...parametersOf(query), ...headersOf(headers)] } : {}),
    ...(body ? { requestBody: { content: { "application/json": { schema: jsonSchema(body) } } } } : {}),
    responses: {
      [status]: { description: "done", ...(answer ? { content: contentOf(answer) } : {}) },
      default: { description: "a problem (RFC 9457)", content: problem },
    },
  };
}

function contentOf(answer: z.ZodType | string): JsonSchema {
  return typeof answer === "string"
    ? { [answer]: {} }
    : { "application/json": { schema: jsonSchema(answer) } };
}

function headersOf(headers: Readonly<Record<string, string>> = {}): JsonSchema[] {
  const schema = { type: "string" };
  return Object.entries(headers).map(([name, description]) => ({ name, in: "header", description, schema }));
}

function parametersOf(query: z.ZodObject | undefined): JsonSchema[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    schema: jsonSchema(schema as z.ZodType),
  }));
}
