/** What `import … from "plotty"` offers: planning without a daemon, publishing to one, running one, and the words of the wire. */

export type { Drawing, Layer, Stroke } from "../shared/drawing.ts";
export { PlottyError } from "../shared/errors.ts";
export type { MotionPlan, PlanPosition } from "../shared/plan.ts";
export type { PlotOptions, PlotSettings } from "../shared/plot-settings.ts";
export type {
  LiveJob,
  PublishedEvent,
  QueueDepth,
  RobotMetrics,
  RobotStatus,
} from "../shared/robot-messages.ts";
export { VERSION } from "../shared/version.ts";
export type * from "../shared/ws-messages.ts";
export { clientMessageSchema, serverFrameSchema } from "../shared/ws-messages.ts";
export { planMotion } from "./motion/plan.ts";
export { decodePlan, encodePlan } from "./motion/plan-codec.ts";
export { arrange, prepare } from "./prepare.ts";
export {
  broadcastJobUpdate,
  broadcastQueueMetrics,
  broadcastRobotStatus,
  type RobotReport,
} from "./server/publishing/broadcast.ts";
export { EventBus, type EventBusOptions, MonitoringEventType } from "./server/publishing/event-bus.ts";
export { startDaemon } from "./start-daemon.ts";
export { readSvg } from "./svg/read-svg.ts";
