import type { JobStateName } from "../../../shared/job-states.ts";
import type { RobotJobState, RobotState } from "../../../shared/robot-messages.ts";
import type { DeviceView } from "../../../shared/ws-messages.ts";

/** plotty's states in an orchestrator's words. */
export const ROBOT_JOB_STATE: Readonly<Record<JobStateName, RobotJobState>> = {
  NEW: "pending",
  PLANNING: "pending",
  QUEUED: "pending",
  RUNNING: "running",
  PAUSED: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELLED: "cancelled",
};

export const ROBOT_STATE: Readonly<Record<DeviceView["status"], RobotState>> = {
  connected: "idle",
  busy: "busy",
  paused: "busy",
  disconnected: "offline",
  error: "error",
  maintenance: "maintenance",
};
