import { z } from "zod";
import { JOB_STATES } from "./job-states.ts";
import {
  deviceViewSchema,
  jobIdSchema,
  jobViewSchema,
  levelSchema,
  systemViewSchema,
} from "./ws-messages.ts";

/** What goes over HTTP beside the frames of `/ws`: requests, answers and problem documents. */

/** Largest drawing that can be uploaded, bytes. */
export const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;

/** RFC 9457, with plotty's own code and facts. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const jobListSchema = z.object({
  jobs: z.array(jobViewSchema),
  next_cursor: z.string().nullable(),
});
export type JobList = z.infer<typeof jobListSchema>;

export const deviceListSchema = z.object({ devices: z.array(deviceViewSchema) });
export type DeviceList = z.infer<typeof deviceListSchema>;

export const systemAnswerSchema = systemViewSchema;

const flag = z.union([z.boolean(), z.string()]).transform((value, context) => {
  const text = String(value).toLowerCase();
  if (["true", "1", "yes", "on", ""].includes(text)) return true;
  if (["false", "0", "no", "off"].includes(text)) return false;
  context.addIssue({ code: "custom", message: "must be true or false" });
  return z.NEVER;
});

/** A number, also as the text of a form field; an empty field is no number. */
const numeric = z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number());

const rotation = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.enum(["auto", "0", "90", "180", "270"]))
  .transform((text) => (text === "auto" ? text : (Number(text) as 0 | 90 | 180 | 270)));

const originPoint = z.union([
  z.object({ x: z.number(), y: z.number() }),
  z
    .string()
    .regex(/^\s*-?\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?\s*$/, "must be X,Y in mm")
    .transform((text) => {
      const [x, y] = text.split(",").map(Number);
      return { x: x!, y: y! };
    }),
]);

/** How a drawing may be placed and drawn, under the names of the flags. All lengths in mm, `jerk` in mm/s³. */
export const plotFieldsSchema = z.strictObject({
  paper: z.string().min(1).optional(),
  margin: numeric.pipe(z.number().min(0)).optional(),
  fit: z.enum(["none", "page"]).optional(),
  rotate: rotation.optional(),
  scale: numeric.pipe(z.number().positive()).optional(),
  origin: originPoint.optional(),
  join: numeric.pipe(z.number().min(0)).optional(),
  optimize: z.enum(["fast", "balanced", "best"]).optional(),
  keep_order: flag.optional(),
  keep_doubles: flag.optional(),
  pen: z.string().min(1).optional(),
  layers: z.enum(["inkscape", "groups", "colors"]).optional(),
  jerk: numeric.pipe(z.number().min(1)).optional(),
});
export type PlotFields = z.infer<typeof plotFieldsSchema>;

/** Fields of an upload, in a form or in the query. */
export const submitFieldsSchema = plotFieldsSchema.extend({
  name: z.string().min(1).max(256).optional(),
  priority: numeric.pipe(z.number().int()).optional(),
  device: z.string().min(1).optional(),
  hold: flag.optional(),
});
export type SubmitFields = z.infer<typeof submitFieldsSchema>;

/** Body of `PATCH /api/v1/jobs/{id}`. */
export const patchFieldsSchema = plotFieldsSchema.extend({
  name: z.string().min(1).max(256).optional(),
  priority: z.number().int().optional(),
  hold: z.boolean().optional(),
  device: z.string().min(1).nullable().optional(),
  /** New place among the waiting jobs; 0 is next. */
  position: z.number().int().min(0).optional(),
});
export type PatchFields = z.infer<typeof patchFieldsSchema>;

export const jobQuerySchema = z.strictObject({
  /** States, comma separated, any case. */
  state: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim().toUpperCase()))
    .pipe(z.array(z.enum(JOB_STATES)))
    .optional(),
  limit: numeric.pipe(z.number().int().min(1).max(1000)).default(100),
  cursor: z.string().min(1).max(256).optional(),
});

export const alertQuerySchema = z.strictObject({
  /** Only those that neither are over nor were acknowledged. */
  open: flag.default(false),
  limit: numeric.pipe(z.number().int().min(1).max(1000)).default(100),
  cursor: z.string().min(1).max(256).optional(),
});

/** One alert as it is kept: told once, however often it came. */
export const alertViewSchema = z.object({
  /** That of its `system_alert`. */
  id: z.string(),
  level: levelSchema,
  source: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
  job_id: jobIdSchema.nullable(),
  device_id: z.string().nullable(),
  raised_at: z.iso.datetime(),
  /** When it came last, and how often since it was raised. */
  last_at: z.iso.datetime(),
  count: z.number().int().positive(),
  /** When what it tells of was over; null while it lasts, or where only a person can say. */
  cleared_at: z.iso.datetime().nullable(),
  acknowledged_at: z.iso.datetime().nullable(),
});
export type AlertView = z.infer<typeof alertViewSchema>;

export const alertListSchema = z.object({
  /** Newest first. */
  alerts: z.array(alertViewSchema),
  next_cursor: z.string().nullable(),
});
export type AlertList = z.infer<typeof alertListSchema>;

/** A webhook that its receiver has not taken yet. Of the address only the host is shown: the rest may be secret. */
export const undeliveredViewSchema = z.object({
  id: z.number().int().positive(),
  /** What it is for: a job's state, or ALERT. */
  state: z.string(),
  /** The job or alert it tells of. */
  subject: z.string(),
  host: z.string(),
  created_at: z.iso.datetime(),
  attempts: z.number().int().nonnegative(),
  /** When it is tried again; null: given up. */
  next_at: z.iso.datetime().nullable(),
  error: z.string().nullable(),
  given_up_at: z.iso.datetime().nullable(),
});
export type UndeliveredView = z.infer<typeof undeliveredViewSchema>;

export const undeliveredListSchema = z.object({ webhooks: z.array(undeliveredViewSchema) });
export type UndeliveredList = z.infer<typeof undeliveredListSchema>;

/** Body of `POST /api/v1/hooks/test`. */
export const hookTestSchema = z.strictObject({
  /** A job's state, or ALERT; any case. */
  state: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum([...JOB_STATES, "ALERT"])),
  /** The job whose values are told; missing: invented ones. */
  job_id: jobIdSchema.optional(),
});

/** How each hook of a state went, in order. */
export const hookResultsSchema = z.object({
  results: z.array(
    z.object({
      kind: z.enum(["command", "script", "webhook"]),
      ok: z.boolean(),
      duration_ms: z.number().nonnegative(),
      /** What it wrote, at most 16 KB. */
      output: z.string(),
      error: z.string().nullable(),
    }),
  ),
});
export type HookResults = z.infer<typeof hookResultsSchema>;

/** Keys by name, such as `websocket.port`; never their values. */
export const reloadReportSchema = z.object({
  file: z.string().nullable(),
  /** In force now. */
  changed: z.array(z.string()),
  /** Different in the file, and in force from the next start of the daemon. */
  after_restart: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type ReloadReport = z.infer<typeof reloadReportSchema>;

/** Bodies of `POST /api/v1/devices/{id}/…`. Lengths in mm. */
export const DEVICE_ACTION_BODIES = {
  ready: z.strictObject({ ready: z.boolean().default(true) }),
  /** Heights in per cent of the servo's range; all but `up` hold from the next stroke to the end of the job. */
  pen: z
    .strictObject({
      up: z.boolean().optional(),
      up_percent: z.number().min(0).max(100).optional(),
      down_percent: z.number().min(0).max(100).optional(),
      speed_mm_s: z.number().positive().max(500).optional(),
      delay_ms: z.number().min(0).max(10_000).optional(),
    })
    .refine((pen) => Object.values(pen).some((value) => value !== undefined), {
      message: "is missing, and nothing else of the pen is changed",
      path: ["up"],
    }),
  jog: z.strictObject({ dx: z.number().default(0), dy: z.number().default(0) }),
  home: z.strictObject({}),
  park: z.strictObject({}),
  /** Once around all that the job draws, pen up. */
  outline: z.strictObject({ job_id: jobIdSchema }),
  motors: z.strictObject({ on: z.boolean() }),
  stop: z.strictObject({}),
  maintenance: z.strictObject({ on: z.boolean().default(true) }),
} as const;

/** What will be drawn: pen-down polylines in drawing order, machine mm. */
export const planDocumentSchema = z.object({
  unit: z.literal("mm"),
  polylines: z.array(z.array(z.tuple([z.number(), z.number()]))),
  meta: z.array(z.object({ layer: z.string(), stroke: z.number().int().nonnegative() })),
  notes: z.array(z.string()),
});
export type PlanDocument = z.infer<typeof planDocumentSchema>;

const count = z.number().int().nonnegative();

export const websocketStatsSchema = z.object({
  url: z.string(),
  uptime: count,
  connections: z.object({
    open: count,
    max: count,
    total: count,
    by_endpoint: z.record(z.string(), count),
    by_channel: z.record(z.string(), count),
  }),
  messages_in: count,
  /** Frames and bytes handed to sockets, by message type. */
  messages_out: z.record(z.string(), z.object({ messages: count, bytes: count })),
  messages_out_total: count,
  bytes_out_total: count,
  /** Over the last 10 seconds. */
  messages_out_per_second: z.number().nonnegative(),
  bytes_out_per_second: z.number().nonnegative(),
  /** Replaced by a newer one before a lagging client got them. */
  conflated: count,
  /** Messages of clients dropped by the rate limit. */
  rate_limited: count,
  closed_slow: count,
  closed_idle: count,
  refused_connections: count,
  auth_failures: count,
  /** From publishing to the socket, ms, over the newest 1024 events; null before the first. */
  latency_ms: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
  clients: z.array(
    z.object({
      id: z.string(),
      endpoint: z.string(),
      address: z.string(),
      since: z.iso.datetime(),
      channels: z.array(z.string()),
      sent_messages: count,
      sent_bytes: count,
      /** Bytes that wait for this client in the daemon. */
      lag_bytes: count,
    }),
  ),
});
export type WebsocketStats = z.infer<typeof websocketStatsSchema>;

export const jobStatsSchema = z.object({
  by_state: z.record(z.enum(JOB_STATES), count),
  total: count,
  /** Sums over completed jobs. */
  completed_duration_s: z.number().nonnegative(),
  completed_ink_mm: z.number().nonnegative(),
});
export type JobStats = z.infer<typeof jobStatsSchema>;

export const deviceStatsSchema = z.object({
  total: count,
  by_status: z.record(z.string(), count),
  starved_strokes: count,
  devices: z.array(deviceViewSchema),
});
export type DeviceStats = z.infer<typeof deviceStatsSchema>;

export const ROBOT_ROLES = ["robot", "viewer", "operator"] as const;

/** Body of `POST /api/v1/apikeys`. */
export const newRobotKeySchema = z.strictObject({
  name: z.string().min(1).max(64),
  role: z.enum(ROBOT_ROLES).default("robot"),
});

export const robotKeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROBOT_ROLES),
  created_at: z.iso.datetime(),
  last_used: z.iso.datetime().nullable(),
});
export type RobotKeyView = z.infer<typeof robotKeyViewSchema>;

/** The only answer that ever holds the key itself. */
export const createdRobotKeySchema = robotKeyViewSchema.extend({ key: z.string() });
export type CreatedRobotKey = z.infer<typeof createdRobotKeySchema>;

export const robotKeyListSchema = z.object({ keys: z.array(robotKeyViewSchema) });

/** Body of `POST /api/v1/tokens`. */
export const newTokenSchema = z.strictObject({
  /** Seconds; up to ten years. */
  expires_in: z.number().int().min(1).max(315_360_000).default(3600),
});

export const createdTokenSchema = z.object({ token: z.string(), expires_at: z.iso.datetime() });
export type CreatedToken = z.infer<typeof createdTokenSchema>;
