import { z } from "zod";
import { JOB_STATES } from "../shared/job-states.ts";
import { channelSchema, levelSchema } from "../shared/ws-messages.ts";

/** The whole configuration: keys, types, defaults, ranges and what each means. Strict: an unknown key is an error. */

const percent = z.number().min(0).max(100);
const positive = z.number().positive();
const port = z.number().int().min(0).max(65535);

export const websocketSchema = z.strictObject({
  enabled: z.boolean().default(true).describe("serve /ws and the HTTP API"),
  host: z.string().default("localhost").describe("address to listen on; localhost means 127.0.0.1 and ::1"),
  port: port.default(8766).describe("port to listen on; 0 takes a free one"),
  authenticate: z.boolean().default(false).describe("ask every client for the API key"),
  api_key: z.string().min(1).nullable().default(null).describe("the key that clients must show"),
  api_key_file: z.string().min(1).nullable().default(null).describe("or the file that holds it"),
  max_connections: z
    .number()
    .int()
    .positive()
    .default(100)
    .describe("WebSocket connections, all endpoints together"),
  heartbeat_interval: positive.default(30).describe("seconds between WebSocket pings"),
  channels: z
    .array(channelSchema)
    .min(1)
    .default(["jobs", "system", "device"])
    .describe("channels served on /ws"),
  status_interval: positive.default(10).describe("seconds between two system_status events"),
  rate_limit: z.number().int().positive().default(100).describe("client messages a minute and connection"),
  idle_timeout: positive.default(300).describe("seconds without any frame before a connection is closed"),
  max_message_bytes: z
    .number()
    .int()
    .positive()
    .default(64 * 1024)
    .describe("largest client message"),
  send_timeout: positive.default(1).describe("seconds a client may stay behind"),
  max_buffered_bytes: z
    .number()
    .int()
    .positive()
    .default(1024 * 1024)
    .describe("bytes a client may stay behind"),
  allowed_origins: z.array(z.string()).default([]).describe("browser origins allowed besides loopback"),
  tls: z
    .strictObject({ cert: z.string(), key: z.string() })
    .nullable()
    .default(null)
    .describe("PEM files; makes every port https/wss"),
  event_log: z
    .strictObject({
      max_age_days: positive.default(30).describe("days an event can be replayed"),
      max_events: z.number().int().positive().default(100_000).describe("events kept for replay"),
    })
    .prefault({}),
});

/** What hooks can be for: a state that a job enters, or an alert that is told. */
export const HOOK_EVENTS = [...JOB_STATES, "ALERT"] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

const hookSchema = z.strictObject({
  command: z.string().optional().describe("shell command; {job_id} and its like are inserted shell-quoted"),
  script: z.string().optional().describe("executable file"),
  webhook: z.string().optional().describe("URL that gets a POST"),
  secret: z.string().optional().describe("signs the webhook (HMAC-SHA256)"),
  secret_file: z.string().min(1).optional().describe("or the file that holds it"),
  websocket: z.boolean().optional().describe("publish this transition (it is, unless false)"),
});

export const deviceSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .describe("name of the machine everywhere in plotty"),
  driver: z.enum(["ebb", "virtual"]).default("ebb"),
  port: z
    .string()
    .default("auto")
    .describe("auto (by USB ids), nickname:NAME, or a path such as /dev/ttyACM0"),
  model: z
    .string()
    .default("axidraw_v3")
    .describe("envelope, steps per mm and servo; with _brushless behind it, for the brushless pen lift"),
  speed: positive.default(1).describe("virtual only: how many times faster than real"),
  require_ready: z.boolean().optional().describe("the paper gate; true unless the plotter is virtual"),
});

export const penSchema = z.strictObject({
  width_mm: positive.default(0.3),
  speed_mm_s: positive.default(50),
  accel_mm_s2: positive.default(200),
  color: z.string().default("#000000"),
  up: percent.default(60).describe("servo height when raised, per cent of its range"),
  down: percent.default(40).describe("servo height when lowered"),
  delay_ms: z.number().min(0).default(0).describe("extra wait after each lift and drop"),
  max_metres: positive.nullable().default(null),
});

export const paperSchema = z.strictObject({
  width_mm: positive,
  height_mm: positive,
  margin_mm: z.number().min(0).default(0),
});

export const configSchema = z.strictObject({
  data_dir: z.string().nullable().default(null),
  websocket: websocketSchema.prefault({}),
  hooks: z.partialRecord(z.enum(HOOK_EVENTS), z.array(hookSchema)).default({}),
  logging: z
    .strictObject({
      level: z
        .enum(["trace", "debug", "info", "warn", "warning", "error", "fatal", "silent"])
        .default("info"),
      modules: z
        .array(z.string())
        .default([])
        .describe("only these modules, such as plotty.websocket; empty: all"),
    })
    .prefault({}),
  devices: z.array(deviceSchema).default([]),
  pens: z.record(z.string(), penSchema).default({ black: penSchema.parse({}) }),
  papers: z.record(z.string(), paperSchema).default({}),
  planning: z
    .strictObject({
      preset: z.enum(["fast", "balanced", "best"]).default("balanced"),
      tolerance_mm: z.number().positive().max(1).default(0.01),
      junction_deviation_mm: positive.default(0.127),
      penup_speed_mm_s: positive.default(200),
      penup_accel_mm_s2: positive.default(400),
      jerk_mm_s3: z
        .number()
        .min(1)
        .nullable()
        .default(null)
        .describe("pen-up travels as S-curves: how fast their acceleration changes; null: at once"),
      drop_doubles: z.boolean().default(true).describe("leave out strokes that are there twice"),
      join_mm: z.number().min(0).nullable().default(null).describe("null: half the pen's width"),
    })
    .prefault({}),
  queue: z
    .strictObject({
      confirm_paper: z.boolean().default(true),
      keep_finished: z.number().int().nonnegative().default(500),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      queue_depth: z.number().int().positive().default(100).describe("jobs that wait in the queue"),
      host_temperature_c: positive.default(75).describe("the warmest thermometer of this host"),
      disk_free_mb: z.number().nonnegative().default(500).describe("room left where the jobs are kept"),
      event_loop_lag_ms: positive.default(1000).describe("how long the daemon may be held up"),
      starved_strokes: z
        .number()
        .int()
        .positive()
        .default(3)
        .describe("strokes within ten minutes that stuttered"),
      waiting_minutes: positive.default(10).describe("a job that could go on, but for paper or a pen"),
      slow_clients: z
        .number()
        .int()
        .positive()
        .default(5)
        .describe("clients cut off within a minute as too slow"),
      hook_level: levelSchema
        .default("warning")
        .describe("hooks.ALERT runs for alerts of this level and above"),
      rate_limit: z
        .number()
        .int()
        .positive()
        .default(60)
        .describe("alerts told a minute and source; more are only kept"),
    })
    .prefault({}),
  orchestrator: z
    .strictObject({
      enabled: z.boolean().default(false),
      port: port.default(8000),
      jwt_algorithm: z.enum(["HS256", "RS256", "ES256", "EdDSA"]).default("HS256"),
      jwt_secret: z.string().min(1).nullable().default(null),
      jwt_secret_file: z.string().min(1).nullable().default(null).describe("or the file that holds it"),
      jwt_public_key: z.string().min(1).nullable().default(null),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;
export type DeviceConfig = z.infer<typeof deviceSchema>;
export type PenConfig = z.infer<typeof penSchema>;
