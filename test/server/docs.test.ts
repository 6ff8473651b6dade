import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { apiDocuments } from "../../src/daemon/server/api-documents.ts";

const DOCS = resolve(import.meta.dirname, "../../docs");

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

type Shape = string | { [field: string]: Shape };

/** Every field that the two seed documents show, with its type. A field more is fine, one less or of another type is not. */
const SEED_FIELDS: Readonly<Record<string, Shape>> = {
  "events/job_state_change": {
    type: "string",
    timestamp: "string",
    job_id: "string",
    from_state: "string | null",
    to_state: "string",
    reason: "string",
    metadata: { pen: "string | null", paper: "string | null", estimated_time: "integer | null" },
  },
  "events/job_progress": {
    type: "string",
    timestamp: "string",
    job_id: "string",
    progress: "number",
    current_layer: "integer",
    total_layers: "integer",
    estimated_remaining: "integer",
    metadata: { points_plotted: "integer", total_points: "integer" },
  },
  "events/system_status": {
    type: "string",
    timestamp: "string",
    status: "string",
    daemon_version: "string",
    uptime: "integer",
    active_jobs: "integer",
    queue_length: "integer",
  },
  "events/system_alert": {
    type: "string",
    timestamp: "string",
    level: "string",
    message: "string",
    details: "object",
  },
  "events/device_status": {
    type: "string",
    timestamp: "string",
    device_id: "string",
    status: "string",
    pen_up: "boolean | null",
    position: "object | null",
    metadata: { firmware_version: "string | null", motor_current: "number | null" },
  },
  "orchestrator/live_job": { job_id: "string", status: "string", timestamp: "string" },
  "orchestrator/robot_status": {
    robot_id: "string",
    status: "string",
    cpu_percent: "number",
    memory_mb: "number",
    timestamp: "string",
  },
  "orchestrator/queue_depth": { depth: "integer", timestamp: "string" },
  "orchestrator/metrics": {
    type: "string",
    timestamp: "string",
    data: {
      robots: { total: "integer", active: "integer", idle: "integer", busy: "integer", offline: "integer" },
      jobs: {
        pending: "integer",
        running: "integer",
        completed_today: "integer",
        failed_today: "integer",
      },
      queue: { depth: "integer", avg_wait_time_ms: "integer" },
      system: { uptime_seconds: "integer", version: "string" },
    },
  },
};

test("docs/ is what the schemas give, file by file: run node docs/make.js when it is not", () => {
  const documents = apiDocuments();
  const files = readdirSync(DOCS, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".json"),
  );
  expect(files.sort()).toEqual(Object.keys(documents).sort());
  for (const file of files)
    expect(JSON.parse(readFileSync(join(DOCS, file), "utf8")), file).toEqual(documents[file]);
});

test.each(Object.entries(SEED_FIELDS))(
  "%s has every field of the seed, required, of its type",
  (name, seed) => {
    const schema = apiDocuments()[`schemas/${name}.json`] as Schema;
    expect(shapeLike(schema, seed)).toEqual(seed);
  },
);

test("the words of the seeds are all there: six job statuses, five robot states, four levels, four states of a device", () => {
  const words = (name: string, field: string) =>
    (apiDocuments()[`schemas/${name}.json`] as Schema).properties![field]!.enum;
  expect(words("orchestrator/live_job", "status")).toEqual(
    expect.arrayContaining(["pending", "claimed", "running", "completed", "failed", "cancelled"]),
  );
  expect(words("orchestrator/robot_status", "status")).toEqual(
    expect.arrayContaining(["idle", "busy", "offline", "error", "maintenance"]),
  );
  expect(words("events/system_alert", "level")).toEqual(
    expect.arrayContaining(["info", "warning", "error", "critical"]),
  );
  expect(words("events/device_status", "status")).toEqual(
    expect.arrayContaining(["connected", "busy", "disconnected", "error"]),
  );
});

/** What the schema says about just the fields that the seed has. */
function shapeLike(schema: Schema | undefined, seed: Shape): Shape {
  if (!schema) return "missing";
  if (typeof seed === "string") return typeOf(schema);
  const entries = Object.keys(seed).map((field) => {
    const shape = shapeLike(schema.properties?.[field], seed[field]!);
    return [field, schema.required?.includes(field) ? shape : `optional ${JSON.stringify(shape)}`];
  });
  return Object.fromEntries(entries);
}

function typeOf(schema: Schema): string {
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  return schema.anyOf ? schema.anyOf.map(typeOf).join(" | ") : String(schema.type ?? typeof schema.const);
}
