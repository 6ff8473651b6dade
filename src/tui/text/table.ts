import Table from "cli-table3";
import type { DeviceView, JobView, SystemView } from "../../shared/ws-messages.ts";
import { formatAge, formatDuration, formatPercent, formatPosition, oneLine } from "./format.ts";

export type Cell = string | number;

/** A bordered table, for `--format table`. */
export function boxTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Columns aligned with spaces, for `--format text`: easy on the eye and on awk. */
export function textTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Names and values, one a line. */
export function textPairs(pairs: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

export const JOB_HEAD = ["ID", "STATE", "DONE", "LEFT", "PEN", "PAPER", "MACHINE", "CREATED", "REASON"];

export function jobRow(job: JobView, nowMs: number): string[] {
  return [
    job.id,
    job.state + (job.hold ? " (held)" : ""),
    formatPercent(job.progress),
    job.estimated_remaining === null ? "-" : formatDuration(job.estimated_remaining),
    job.pen ?? "-",
    job.paper ?? "-",
    job.device ?? "-",
    formatAge(job.created_at, nowMs),
    oneLine(job.reason),
  ];
}

export const DEVICE_HEAD = ["ID", "STATUS", "PAPER", "PEN", "POSITION", "MODEL", "PORT", "FIRMWARE", "JOB"];

export function deviceRow(device: DeviceView): string[] {
  return [
    device.id,
    device.status,
    device.ready ? "ready" : "none",
    device.pen_up === null ? "unknown" : device.pen_up ? "up" : "down",
    formatPosition(device.position),
    device.model,
    device.port ?? "-",
    device.firmware_version ?? "-",
    device.job_id ?? "-",
  ];
}

export function systemPairs(system: SystemView): [string, Cell][] {
  const { websocket } = system;
  return [
    ["status", system.status],
    ["version", system.daemon_version],
    [
      "websocket",
      websocket.enabled
        ? `${websocket.url}  ${websocket.connections}/${websocket.max_connections} connections`
        : "not running (websocket.enabled is false)",
    ],
    ["uptime", formatDuration(system.uptime)],
    ["jobs", `${system.active_jobs} active, ${system.queue_length} waiting`],
    ["process", `pid ${system.pid}, node ${system.node_version.replace(/^v/, "")}`],
    ["data", system.data_dir],
    ["config", system.config_file ?? "defaults (no file)"],
    ["events", `${system.seq} in epoch ${system.epoch}`],
  ];
}
