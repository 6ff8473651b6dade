import { z } from "zod";
import { JOB_STATES } from "./job-states.ts";

/** Every frame of `/ws`, one schema each: it gives the type, the check at the door and the published description. */

export const CHANNELS = ["jobs", "system", "device"] as const;
export const channelSchema = z.enum(CHANNELS);
export type Channel = z.infer<typeof channelSchema>;

export const LEVELS = ["info", "warning", "error", "critical"] as const;
export const levelSchema = z.enum(LEVELS);
export type Level = z.infer<typeof levelSchema>;

const timestampSchema = z.iso.datetime();
const seqSchema = z.number().int().positive();
const jobStateSchema = z.enum(JOB_STATES);
export const jobIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export const jobStateChangeSchema = z.object({
  type: z.literal("job_state_change"),
  timestamp: timestampSchema,
  job_id: jobIdSchema,
  from_state: jobStateSchema.nullable(),
  to_state: jobStateSchema,
  reason: z.string(),
  metadata: z.object({
    pen: z.string().nullable(),
    paper: z.string().nullable(),
    /** Whole seconds. */
    estimated_time: z.number().int().nonnegative().nullable(),
  }),
  /** What filters go by: `error` for FAILED, `warning` for PAUSED by a fault; missing otherwise, which means `info`. */
  level: levelSchema.optional(),
  seq: seqSchema,
});

export const jobRemovedSchema = z.object({
  type: z.literal("job_removed"),
  timestamp: timestampSchema,
  job_id: jobIdSchema,
  seq: seqSchema,
});

export const jobProgressSchema = z.object({
  type: z.literal("job_progress"),
  timestamp: timestampSchema,
  job_id: jobIdSchema,
  /** Share of the planned time, 0…1. */
  progress: z.number().min(0).max(1),
  /** 1-based. */
  current_layer: z.number().int().positive(),
  total_layers: z.number().int().positive(),
  /** Whole seconds. */
  estimated_remaining: z.number().int().nonnegative(),
  metadata: z.object({
    points_plotted: z.number().int().nonnegative(),
    total_points: z.number().int().nonnegative(),
  }),
});

export const SYSTEM_STATES = ["starting", "ready", "busy", "degraded", "stopping"] as const;

export const systemStatusSchema = z.object({
  type: z.literal("system_status"),
  timestamp: timestampSchema,
  status: z.enum(SYSTEM_STATES),
  daemon_version: z.string(),
  /** Whole seconds. */
  uptime: z.number().int().nonnegative(),
  active_jobs: z.number().int().nonnegative(),
  queue_length: z.number().int().nonnegative(),
});

export const systemAlertSchema = z.object({
  type: z.literal("system_alert"),
  timestamp: timestampSchema,
  level: levelSchema,
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
  id: z.string(),
  /** What noticed it: `job`, `device`, `hook`, `server`, … */
  source: z.string(),
  job_id: jobIdSchema.optional(),
  device_id: z.string().optional(),
  seq: seqSchema,
});

export const DEVICE_STATES = ["connected", "busy", "paused", "disconnected", "error", "maintenance"] as const;

export const deviceStatusSchema = z.object({
  type: z.literal("device_status"),
  timestamp: timestampSchema,
  device_id: z.string(),
  status: z.enum(DEVICE_STATES),
  pen_up: z.boolean().nullable(),
  /** mm from the origin; null while the position is unknown. */
  position: z.object({ x: z.number(), y: z.number() }).nullable(),
  metadata: z.looseObject({
    firmware_version: z.string().nullable(),
    motor_current: z.number().nullable(),
  }),
  /** Only when `status` differs from the one before: those are durable. */
  seq: seqSchema.optional(),
});

/** What the rooms publish; the channel each belongs to follows from its type. */
export const eventSchema = z.discriminatedUnion("type", [
  jobStateChangeSchema,
  jobRemovedSchema,
  jobProgressSchema,
  systemStatusSchema,
  systemAlertSchema,
  deviceStatusSchema,
]);

export const subscribedSchema = z.object({
  type: z.literal("subscribed"),
  timestamp: timestampSchema,
  channels: z.array(channelSchema),
  epoch: z.string(),
  /** The newest durable event at this moment. */
  seq: z.number().int().nonnegative(),
});

export const unsubscribedSchema = z.object({
  type: z.literal("unsubscribed"),
  timestamp: timestampSchema,
  channels: z.array(channelSchema),
});

/** One job as `snapshot`, HTTP and `monitor --format json` show it. */
export const jobViewSchema = z.object({
  id: jobIdSchema,
  name: z.string(),
  state: jobStateSchema,
  progress: z.number().min(0).max(1),
  reason: z.string(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  priority: z.number().int(),
  /** Of waiting jobs of one priority the one with the lowest rank is drawn first. */
  rank: z.number(),
  /** Held back: it stays QUEUED until released. */
  hold: z.boolean(),
  pen: z.string().nullable(),
  paper: z.string().nullable(),
  /** The device that draws it, or that it was submitted for. */
  device: z.string().nullable(),
  /** The machine model it is planned for; null until then. */
  model: z.string().nullable(),
  layers: z.array(
    z.object({
      name: z.string(),
      pen: z.string(),
      strokes: z.number().int().nonnegative(),
      pause_before: z.boolean(),
    }),
  ),
  estimate: z
    .object({
      /** As planned. */
      duration_s: z.number(),
      /** As planned and corrected by how long the machine took for its former jobs. */
      expected_s: z.number(),
      /** What it took, once drawn in one go. */
      actual_s: z.number().nullable(),
      draw_s: z.number(),
      travel_s: z.number(),
      pen_s: z.number(),
      ink_mm: z.number(),
      travel_mm: z.number(),
      lifts: z.number().int(),
      points: z.number().int(),
    })
    .nullable(),
  current_layer: z.number().int().positive(),
  total_layers: z.number().int().positive(),
  /** Whole seconds. */
  estimated_remaining: z.number().int().nonnegative().nullable(),
  notes: z.array(z.string()),
  error: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() })
    .nullable(),
  history: z.array(
    z.object({
      at: timestampSchema,
      from_state: jobStateSchema.nullable(),
      to_state: jobStateSchema,
      reason: z.string(),
    }),
  ),
});

export const deviceViewSchema = z.object({
  id: z.string(),
  driver: z.enum(["ebb", "virtual"]),
  model: z.string(),
  /** The path of the port in use, or the one it is looked for at. */
  port: z.string().nullable(),
  status: z.enum(DEVICE_STATES),
  /** Fresh paper lies in it. */
  ready: z.boolean(),
  pen_up: z.boolean().nullable(),
  position: z.object({ x: z.number(), y: z.number() }).nullable(),
  firmware_version: z.string().nullable(),
  nickname: z.string().nullable(),
  motor_current: z.number().nullable(),
  motor_power: z.boolean().nullable(),
  job_id: jobIdSchema.nullable(),
  /** Why it is in `error` or `disconnected`. */
  reason: z.string().nullable(),
  starved_strokes: z.number().int().nonnegative(),
  /** Ink laid down since local midnight. */
  inked_today_mm: z.number().int().nonnegative(),
  speed: z.number().positive(),
});

export const systemViewSchema = z.object({
  status: z.enum(SYSTEM_STATES),
  daemon_version: z.string(),
  uptime: z.number().int().nonnegative(),
  active_jobs: z.number().int().nonnegative(),
  queue_length: z.number().int().nonnegative(),
  pid: z.number().int(),
  node_version: z.string(),
  data_dir: z.string(),
  config_file: z.string().nullable(),
  epoch: z.string(),
  seq: z.number().int().nonnegative(),
  websocket: z.object({
    enabled: z.boolean(),
    url: z.string(),
    connections: z.number().int().nonnegative(),
    max_connections: z.number().int().positive(),
  }),
});

export const snapshotSchema = z.object({
  type: z.literal("snapshot"),
  timestamp: timestampSchema,
  jobs: z.array(jobViewSchema),
  devices: z.array(deviceViewSchema),
  system: systemViewSchema,
  epoch: z.string(),
  seq: z.number().int().nonnegative(),
});

/** Events that cannot be replayed; both bounds are inclusive. */
export const gapSchema = z.object({
  type: z.literal("gap"),
  timestamp: timestampSchema,
  from_seq: z.number().int().nonnegative(),
  to_seq: z.number().int().nonnegative(),
});

export const pongSchema = z.object({ type: z.literal("pong"), timestamp: timestampSchema });

export const FRAME_ERROR_CODES = [
  "INVALID_JSON",
  "INVALID_MESSAGE",
  "UNKNOWN_TYPE",
  "UNKNOWN_CHANNEL",
  "RATE_LIMITED",
] as const;

export const errorFrameSchema = z.object({
  type: z.literal("error"),
  timestamp: timestampSchema,
  code: z.enum(FRAME_ERROR_CODES),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export const serverFrameSchema = z.discriminatedUnion("type", [
  jobStateChangeSchema,
  jobRemovedSchema,
  jobProgressSchema,
  systemStatusSchema,
  systemAlertSchema,
  deviceStatusSchema,
  subscribedSchema,
  unsubscribedSchema,
  snapshotSchema,
  gapSchema,
  pongSchema,
  errorFrameSchema,
]);

export type JobStateChange = z.infer<typeof jobStateChangeSchema>;
export type JobRemoved = z.infer<typeof jobRemovedSchema>;
export type JobProgress = z.infer<typeof jobProgressSchema>;
export type SystemStatus = z.infer<typeof systemStatusSchema>;
export type SystemAlert = z.infer<typeof systemAlertSchema>;
export type DeviceStatus = z.infer<typeof deviceStatusSchema>;
export type PlottyEvent = z.infer<typeof eventSchema>;
export type JobView = z.infer<typeof jobViewSchema>;
export type DeviceView = z.infer<typeof deviceViewSchema>;
export type SystemView = z.infer<typeof systemViewSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
export type Gap = z.infer<typeof gapSchema>;
export type ErrorFrame = z.infer<typeof errorFrameSchema>;
export type ServerFrame = z.infer<typeof serverFrameSchema>;

/** An event before the log has given it its `seq`. */
export type Unsequenced<E extends PlottyEvent> = Omit<E, "seq">;
export type DurableEvent = (JobStateChange | JobRemoved | SystemAlert | DeviceStatus) & { seq: number };

const channelNameSchema = z.string().max(64);

/** What a client may send. `type` has been lower-cased before it comes here. */
export const clientMessageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    channels: z.array(channelNameSchema).max(32),
    /** null takes the filter away. */
    job_id: jobIdSchema.nullable().optional(),
    level: levelSchema.nullable().optional(),
    snapshot: z.boolean().optional(),
    since: z.object({ epoch: z.string().max(128), seq: z.number().int().nonnegative() }).optional(),
  }),
  z.object({ type: z.literal("unsubscribe"), channels: z.array(channelNameSchema).max(32) }),
  z.object({ type: z.literal("ping") }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

export const CHANNEL_OF: Readonly<Record<PlottyEvent["type"], Channel>> = {
  job_state_change: "jobs",
  job_removed: "jobs",
  job_progress: "jobs",
  system_status: "system",
  system_alert: "system",
  device_status: "device",
};
