import type { DeviceView } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import { penWord } from "../text/event-line.ts";
import { formatLength, formatPosition, oneLine } from "../text/format.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo, textWidth } from "../text/width.ts";
import type { Place } from "./arrange.ts";
import { scrollTo } from "./layout.ts";
import { deviceRowText } from "./other-rows.ts";
import type { View } from "./view.ts";

/** Lines of what is known about one machine. */
export const MACHINE_FACTS = 5;

/** A line for each machine; where there is room, and the pane is the one in use, all about the selected one. */
export function machineLines(
  mirror: Mirror,
  view: View,
  { width, height }: Place,
  theme: Theme,
): readonly string[] {
  const devices = [...mirror.devices.values()];
  if (devices.length === 0) return [theme.dim(fitTo("  no machines", width))];
  const hasFocus = view.focus === "machines";
  const selected = hasFocus ? view.line : -1;
  const facts = hasFocus ? machineFacts(devices[selected]!, mirror) : [];
  const rows = Math.max(1, Math.min(devices.length, height - 1 - facts.length));
  const first = scrollTo(Math.max(0, selected), devices.length, rows);
  const idWidth = Math.max(...devices.map(({ id }) => textWidth(id)));
  const lines = devices
    .slice(first, first + rows)
    .map((device, i) => deviceRowText(device, first + i === selected, width, idWidth, theme));
  return [...lines, ...facts.map((fact) => theme.dim(fitTo(`    ${fact}`, width, theme.glyphs.ellipsis)))];
}

function machineFacts(device: DeviceView, mirror: Mirror): string[] {
  const moving = mirror.speeds.get(device.id) ?? 0;
  const current = device.motor_current === null ? "" : `, ${device.motor_current.toFixed(2)} A`;
  const power = device.motor_power === null ? "unknown" : device.motor_power ? "on" : "off";
  return [
    `pen ${penWord(device.pen_up)} at ${formatPosition(device.position)}, moving ${moving.toFixed(0)} mm/s`,
    `motors ${power}${current}, paper ${device.ready ? "ready" : "not ready"}, job ${device.job_id ?? "none"}`,
    `${device.driver} ${device.model}${device.speed === 1 ? "" : ` at ${device.speed} times its speed`}`,
    `firmware ${device.firmware_version ?? "unknown"}, port ${device.port ?? "none"}${device.nickname ? `, called ${oneLine(device.nickname)}` : ""}`,
    `ink today ${formatLength(device.inked_today_mm)}, ${device.starved_strokes} strokes starved${device.reason ? `, ${oneLine(device.reason)}` : ""}`,
  ];
}
