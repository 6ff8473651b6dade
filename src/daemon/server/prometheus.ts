import type { Statistics } from "./statistics.ts";

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** All figures in Prometheus' text format, version 0.0.4. */
export function prometheusText(statistics: Statistics): string {
  return [...socketMetrics(statistics), ...plotMetrics(statistics), ...processMetrics()].join("");
}

function socketMetrics(statistics: Statistics): string[] {
  const stats = statistics.websocket();
  const types = Object.entries(stats.messages_out);
  const { p50, p99 } = stats.latency_ms;
  return [
    metric(
      "plotty_websocket_connections",
      "gauge",
      "Open WebSocket connections.",
      labelled("endpoint", stats.connections.by_endpoint),
    ),
    metric("plotty_websocket_connections_total", "counter", "WebSocket connections ever opened.", [
      [{}, stats.connections.total],
    ]),
    metric("plotty_websocket_messages_in_total", "counter", "Messages from clients.", [
      [{}, stats.messages_in],
    ]),
    metric(
      "plotty_websocket_messages_out_total",
      "counter",
      "Messages to clients.",
      types.map(([type, { messages }]) => [{ type }, messages]),
    ),
    metric(
      "plotty_websocket_bytes_out_total",
      "counter",
      "Bytes to clients.",
      types.map(([type, { bytes }]) => [{ type }, bytes]),
    ),
    metric(
      "plotty_websocket_conflated_total",
      "counter",
      "Messages replaced by a newer one for a lagging client.",
      [[{}, stats.conflated]],
    ),
    metric("plotty_websocket_closed_total", "counter", "Connections ended by plotty.", [
      [{ reason: "slow" }, stats.closed_slow],
      [{ reason: "idle" }, stats.closed_idle],
    ]),
    metric("plotty_websocket_refused_total", "counter", "Connections refused.", [
      [{ reason: "full" }, stats.refused_connections],
      [{ reason: "key" }, stats.auth_failures],
    ]),
    metric("plotty_websocket_rate_limited_total", "counter", "Client messages dropped by the rate limit.", [
      [{}, stats.rate_limited],
    ]),
    metric("plotty_websocket_latency_seconds", "gauge", "From publishing to the socket, newest events.", [
      [{ quantile: "0.5" }, (p50 ?? 0) / 1000],
      [{ quantile: "0.99" }, (p99 ?? 0) / 1000],
    ]),
  ];
}

function plotMetrics(statistics: Statistics): string[] {
  const { status, daemon_version, uptime, queue_length } = statistics.system();
  const devices = statistics.devices();
  return [
    metric("plotty_info", "gauge", "The daemon's version and status.", [
      [{ version: daemon_version, status }, 1],
    ]),
    metric("plotty_uptime_seconds", "gauge", "Seconds since the daemon started.", [[{}, uptime]]),
    metric("plotty_queue_length", "gauge", "Jobs that wait.", [[{}, queue_length]]),
    metric("plotty_jobs", "gauge", "Jobs by state.", labelled("state", statistics.jobs().by_state)),
    metric(
      "plotty_device_status",
      "gauge",
      "1 for the status a device is in.",
      devices.devices.map(({ id, status: is }) => [{ device: id, status: is }, 1]),
    ),
    metric(
      "plotty_device_starved_strokes_total",
      "counter",
      "Strokes in which the board's FIFO ran dry.",
      devices.devices.map((device) => [{ device: device.id }, device.starved_strokes]),
    ),
  ];
}

function processMetrics(): string[] {
  const { user, system } = process.cpuUsage();
  return [
    metric("process_resident_memory_bytes", "gauge", "Resident memory of the daemon.", [
      [{}, process.memoryUsage.rss()],
    ]),
    metric("process_cpu_seconds_total", "counter", "CPU time of the daemon.", [[{}, (user + system) / 1e6]]),
  ];
}

function metric(name: string, type: "gauge" | "counter", help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelled(name: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([value, count]) => [{ [name]: value }, count]);
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
