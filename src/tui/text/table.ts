import Table from "cli-table3";
import type { DeviceView, JobView, SystemView } from "../../shared/ws-messages.ts";
import { formatAge, formatDuration, formatPercent, formatPosition, oneLine } from "./format.ts";
import { textWidth } from "./width.ts";

export type Cell = string | number;

/** Narrower than this a column is not made: what does not fit then is the terminal's to cut. */
const LEAST_CELLS = 6;

/**
 * A bordered table, for `--format table`. On a terminal it is no wider than that: the widest columns give way, and their
 * cells are wrapped; where the columns are too many for that, each record is a table of its own, a fact a line.
 *
 * @param columns of the terminal; undefined where there is none
 */
export function boxTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number | undefined = columnsOf(process.stdout, process.env),
): string {
  if (columns !== undefined && head.length > 2 && columns < head.length * (LEAST_CELLS + 1) + 1) {
    const tables = rows.map((row) =>
      boxTable(
        ["", ""],
        row.map((cell, i) => [head[i]!, cell]),
        columns,
      ),
    );
    return tables.join("\n");
  }
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...lines.map((line) => textWidth(line[i]!))) + 2);
  const colWidths = columns === undefined ? widths : narrowed(widths, columns - head.length - 1);
  const table = new Table({
    head: head.some(Boolean) ? [...head] : [],
    style: { head: [], border: [] },
    colWidths,
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Of the terminal; in a pipe only if somebody says so. */
function columnsOf(
  stream: { isTTY?: boolean; columns?: number },
  env: NodeJS.ProcessEnv,
): number | undefined {
  if (stream.isTTY) return stream.columns;
  const wanted = Number(env.COLUMNS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : undefined;
}

/** Widths whose sum is at most `room`: one cell after the other is taken from whichever is the widest. */
function narrowed(widths: readonly number[], room: number): number[] {
  const narrow = [...widths];
  let over = narrow.reduce((sum, width) => sum + width, 0) - room;
  for (; over > 0; over--) {
    const widest = narrow.indexOf(Math.max(...narrow));
    if (narrow[widest]! <= LEAST_CELLS) break;
    narrow[widest]! -= 1;
  }
  return narrow;
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
