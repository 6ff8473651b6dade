import type { DeviceStatus, DeviceView } from "../../shared/ws-messages.ts";
import type { Mirror } from "./mirror.ts";

export function withDevice(
  devices: ReadonlyMap<string, DeviceView>,
  event: DeviceStatus,
): ReadonlyMap<string, DeviceView> {
  const before = devices.get(event.device_id) ?? unknownDevice(event.device_id);
  const { status, pen_up, position, metadata } = event;
  const { firmware_version, motor_current, ready } = metadata;
  return new Map(devices).set(before.id, {
    ...before,
    status,
    pen_up,
    position,
    firmware_version,
    motor_current,
    ready: typeof ready === "boolean" ? ready : before.ready,
    job_id: status === "busy" || status === "paused" ? before.job_id : null,
  });
}

/** mm/s over the way between the last two places; 0 for a machine that is not at work. */
export function withSpeed(mirror: Mirror, event: DeviceStatus): ReadonlyMap<string, number> {
  const { device_id: id, position, status, timestamp } = event;
  const before = mirror.devices.get(id)?.position;
  const seconds = (Date.parse(timestamp) - (mirror.movedAtMs.get(id) ?? Number.NaN)) / 1000;
  if (status !== "busy") return new Map(mirror.speeds).set(id, 0);
  if (!before || !position || !(seconds > 0)) return mirror.speeds;
  return new Map(mirror.speeds).set(id, Math.hypot(position.x - before.x, position.y - before.y) / seconds);
}

function unknownDevice(id: string): DeviceView {
  return {
    id,
    driver: "ebb",
    model: "",
    port: null,
    status: "disconnected",
    ready: false,
    pen_up: null,
    position: null,
    firmware_version: null,
    nickname: null,
    motor_current: null,
    motor_power: null,
    job_id: null,
    reason: null,
    starved_strokes: 0,
    inked_today_mm: 0,
    speed: 1,
  };
}
