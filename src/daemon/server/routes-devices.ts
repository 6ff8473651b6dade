import type { Point } from "../../shared/geometry.ts";
import { DEVICE_ACTION_BODIES } from "../../shared/http-messages.ts";
import type { MotionPlan } from "../../shared/plan.ts";
import type { DeviceAction, DeviceService, JobService } from "../services.ts";
import { tagged } from "./entity-tag.ts";
import type { HttpContext, Routes } from "./http-context.ts";
import { checked, jsonBody } from "./request-values.ts";

type ActionName = Exclude<keyof typeof DEVICE_ACTION_BODIES, "outline">;

/** What a body says, as the command it means. */
const READ: { readonly [Name in ActionName]: (body: unknown) => DeviceAction } = {
  ready: (body) => ({ type: "ready", ...checked(DEVICE_ACTION_BODIES.ready, body) }),
  pen: (body) => {
    const pen = checked(DEVICE_ACTION_BODIES.pen, body);
    const { up, up_percent: upPercent, down_percent: downPercent } = pen;
    return { type: "pen", up, upPercent, downPercent, speedMmPerS: pen.speed_mm_s, delayMs: pen.delay_ms };
  },
  jog: (body) => {
    const { dx, dy } = checked(DEVICE_ACTION_BODIES.jog, body);
    return { type: "jog", dxMm: dx, dyMm: dy };
  },
  home: (body) => ({ type: "home", ...checked(DEVICE_ACTION_BODIES.home, body) }),
  park: (body) => ({ type: "park", ...checked(DEVICE_ACTION_BODIES.park, body) }),
  motors: (body) => ({ type: "motors", ...checked(DEVICE_ACTION_BODIES.motors, body) }),
  stop: (body) => ({ type: "stop", ...checked(DEVICE_ACTION_BODIES.stop, body) }),
  maintenance: (body) => ({ type: "maintenance", ...checked(DEVICE_ACTION_BODIES.maintenance, body) }),
};

/** `/api/v1/devices…`: the machines, and what a person may ask of them by hand. */
export function deviceRoutes(devices: DeviceService, jobs: JobService): Routes {
  const idOf = (context: HttpContext) => context.req.param("id") ?? "";
  const actions = Object.entries(READ).map(([name, read]) => [
    `/api/v1/devices/:id/${name}`,
    {
      POST: async (context: HttpContext) => {
        const action = read(await jsonBody(context));
        return context.json(await devices.act(idOf(context), action));
      },
    },
  ]);
  return {
    "/api/v1/devices": { GET: (context) => tagged(context, { devices: devices.list() }) },
    "/api/v1/devices/:id": { GET: (context) => tagged(context, devices.get(idOf(context))) },
    ...Object.fromEntries(actions),
    "/api/v1/devices/:id/outline": {
      POST: async (context) => {
        const { job_id } = checked(DEVICE_ACTION_BODIES.outline, await jsonBody(context));
        const bounds = boundsOf(jobs.plan(job_id));
        return context.json(await devices.act(idOf(context), { type: "outline", ...bounds }));
      },
    },
  };
}

/** The smallest rectangle around all ink, mm. */
function boundsOf({ points }: MotionPlan): { min: Point; max: Point } {
  const min = { x: Infinity, y: Infinity };
  const max = { x: -Infinity, y: -Infinity };
  for (let i = 0; i < points.length; i += 2) {
    min.x = Math.min(min.x, points[i]!);
    min.y = Math.min(min.y, points[i + 1]!);
    max.x = Math.max(max.x, points[i]!);
    max.y = Math.max(max.y, points[i + 1]!);
  }
  return { min, max };
}
