import type { RobotJobState, RobotState } from "../../../shared/robot-messages.ts";
import { EventBus, MonitoringEventType } from "./event-bus.ts";

/** To the daemon at `PLOTTY_URL`, or the one in this process. */
const bus = new EventBus();

/** Tells the listeners of `live-jobs` that a job changed. */
export function broadcastJobUpdate({
  jobId,
  status,
}: {
  jobId: string;
  status: RobotJobState;
}): Promise<void> {
  return bus.publish({ type: MonitoringEventType.JOB_STATUS_CHANGED, job_id: jobId, status });
}

export interface RobotReport {
  readonly robotId: string;
  readonly status: RobotState;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

/** A robot's heartbeat: it shows in `robot-status` and `metrics`, and goes `offline` when it is silent for 30 s. */
export function broadcastRobotStatus({ robotId, status, cpuPercent, memoryMb }: RobotReport): Promise<void> {
  return bus.publish({
    type: MonitoringEventType.ROBOT_HEARTBEAT,
    robot_id: robotId,
    status,
    cpu_percent: cpuPercent,
    memory_mb: memoryMb,
  });
}

/** Tells the listeners of `queue-metrics` the depth of a queue of yours. */
export function broadcastQueueMetrics({ depth }: { depth: number }): Promise<void> {
  return bus.publish({ type: MonitoringEventType.QUEUE_DEPTH_CHANGED, depth });
}
