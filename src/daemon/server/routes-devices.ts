import { DEVICE_ACTION_BODIES } from "../../shared/http-messages.ts";
import type { DeviceAction, DeviceService } from "../services.ts";
import type { HttpContext, Routes } from "./http-app.ts";
import { checked, jsonBody } from "./request-values.ts";

type ActionName = keyof typeof DEVICE_ACTION_BODIES;

/** What a body says, as the command it means. */
const READ: { readonly [Name in ActionName]: (body: unknown) => DeviceAction } = {
  ready: (body) => ({ type: "ready", ...checked(DEVICE_ACTION_BODIES.ready, body) }),
  pen: (body) => ({ type: "pen", ...checked(DEVICE_ACTION_BODIES.pen, body) }),
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
export function deviceRoutes(devices: DeviceService): Routes {
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
    "/api/v1/devices": { GET: (context) => context.json({ devices: devices.list() }) },
    "/api/v1/devices/:id": { GET: (context) => context.json(devices.get(idOf(context))) },
    ...Object.fromEntries(actions),
  };
}
