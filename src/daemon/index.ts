/** What `import … from "plotty"` offers: planning without a daemon, and the words of the wire. */

export type { Drawing, Layer, Stroke } from "../shared/drawing.ts";
export { PlottyError } from "../shared/errors.ts";
export type { MotionPlan, PlanPosition } from "../shared/plan.ts";
export type { PlotOptions, PlotSettings } from "../shared/plot-settings.ts";
export { VERSION } from "../shared/version.ts";
export type * from "../shared/ws-messages.ts";
export { clientMessageSchema, serverFrameSchema } from "../shared/ws-messages.ts";
export { planMotion } from "./motion/plan.ts";
export { decodePlan, encodePlan } from "./motion/plan-codec.ts";
export { arrange, prepare } from "./prepare.ts";
export { readSvg } from "./svg/read-svg.ts";
