import { LOOK_AT_ALL, type Look } from "../../shared/plan-view.ts";

const NEAREST = 64;
/** A step goes over this share of what is seen. */
const STEP = 0.15;

export function zoomLook(look: Look, factor: number): Look {
  const zoom = Math.min(NEAREST, look.zoom * factor);
  return zoom <= 1.001 ? LOOK_AT_ALL : { ...look, zoom };
}

/** @param dx -1 left, 1 right @param dy -1 up, 1 down */
export function moveLook(look: Look, dx: number, dy: number): Look {
  const within = (share: number) => Math.min(1, Math.max(0, share));
  return {
    ...look,
    centerX: within(look.centerX + (dx * STEP) / look.zoom),
    centerY: within(look.centerY + (dy * STEP) / look.zoom),
  };
}
