import { z } from "zod";
import { jobIdSchema } from "./ws-messages.ts";

/** The orchestrator API: every frame of `/api/v1/ws/…`, and the events that may be published from outside. */

export const ROBOT_JOB_STATES = [
  "pending",
  "claimed",
  "running",
  "completed",
  "failed",
  "cancelled",
] as const;
export const ROBOT_STATES = ["idle", "busy", "offline", "error", "maintenance"] as const;

const timestampSchema = z.iso.datetime();
const count = z.number().int().nonnegative();

export const liveJobSchema = z.strictObject({
  job_id: z.string(),
  status: z.enum(ROBOT_JOB_STATES),
  timestamp: timestampSchema,
});

export const robotStatusSchema = z.strictObject({
  robot_id: z.string(),
  status: z.enum(ROBOT_STATES),
  /** Of one core. */
  cpu_percent: z.number().nonnegative(),
  memory_mb: z.number().nonnegative(),
  timestamp: timestampSchema,
});

export const queueDepthSchema = z.strictObject({ depth: count, timestamp: timestampSchema });

export const robotMetricsSchema = z.strictObject({
  type: z.literal("metrics"),
  timestamp: timestampSchema,
  /** As the client asked for it. */
  environment: z.string(),
  data: z.strictObject({
    robots: z.strictObject({ total: count, active: count, idle: count, busy: count, offline: count }),
    jobs: z.strictObject({ pending: count, running: count, completed_today: count, failed_today: count }),
    queue: z.strictObject({ depth: count, avg_wait_time_ms: count }),
    system: z.strictObject({ uptime_seconds: count, version: z.string() }),
  }),
});

export type LiveJob = z.infer<typeof liveJobSchema>;
export type RobotStatus = z.infer<typeof robotStatusSchema>;
export type QueueDepth = z.infer<typeof queueDepthSchema>;
export type RobotMetrics = z.infer<typeof robotMetricsSchema>;
export type RobotJobState = LiveJob["status"];
export type RobotState = RobotStatus["status"];

/** Body of `POST /api/v1/events`: the seed's objects with their kind; the time is ours when it is missing. */
export const publishedEventSchema = z.discriminatedUnion("type", [
  liveJobSchema.extend({
    type: z.literal("job_status_changed"),
    job_id: jobIdSchema,
    timestamp: timestampSchema.optional(),
  }),
  robotStatusSchema.extend({
    type: z.literal("robot_heartbeat"),
    robot_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    timestamp: timestampSchema.optional(),
  }),
  queueDepthSchema.extend({ type: z.literal("queue_depth_changed"), timestamp: timestampSchema.optional() }),
]);
export type PublishedEvent = z.infer<typeof publishedEventSchema>;
