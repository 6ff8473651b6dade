import { expect } from "vitest";
import { ask, type Frame, submit } from "./daemon.ts";

/** What tests at a machine called axidraw_001 ask and look for, the short way: the commands are tested by themselves. */

export function isAlert(frame: Frame): boolean {
  return frame.type === "system_alert";
}

export function isStatus(status: string): (frame: Frame) => boolean {
  return (frame) => frame.type === "device_status" && frame.status === status;
}

/** Queues a drawing of 100 mm by 80 mm with one path. */
export async function addPath(url: string, name: string, d: string): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="80mm" viewBox="0 0 100 80">
    <path d="${d}" fill="none" stroke="black"/></svg>`;
  await submit(url, `${name}.svg`, svg);
}

export async function declareReady(url: string, device = "axidraw_001"): Promise<void> {
  expect((await ask(url, `/api/v1/devices/${device}/ready`, "POST", "{}")).status).toBe(200);
}
