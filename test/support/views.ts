import type { AlertView } from "../../src/shared/http-messages.ts";
import type { DeviceView, JobView, SystemAlert, SystemView } from "../../src/shared/ws-messages.ts";

const AT = "2026-11-22T10:00:00.000Z";

/** A job as the daemon shows it: 60 s of drawing, waiting in the queue unless `more` says otherwise. */
export function jobView(id: string, more: Partial<JobView> = {}): JobView {
  return {
    id,
    name: id,
    state: "QUEUED",
    progress: 0,
    reason: "planned",
    created_at: AT,
    updated_at: AT,
    priority: 0,
    rank: 1,
    hold: false,
    pen: "black",
    paper: "a4",
    device: null,
    model: "axidraw_v3",
    layers: [{ name: "lines", pen: "black", strokes: 12, pause_before: false }],
    estimate: {
      duration_s: 60,
      expected_s: 60,
      actual_s: null,
      draw_s: 40,
      travel_s: 12,
      pen_s: 8,
      ink_mm: 2000,
      travel_mm: 900,
      lifts: 12,
      points: 400,
    },
    current_layer: 1,
    total_layers: 1,
    estimated_remaining: 60,
    notes: [],
    error: null,
    history: [{ at: AT, from_state: null, to_state: "NEW", reason: "submitted" }],
    ...more,
  };
}

export function deviceView(id: string, more: Partial<DeviceView> = {}): DeviceView {
  return {
    id,
    driver: "virtual",
    model: "axidraw_v3",
    port: null,
    status: "connected",
    ready: true,
    pen_up: true,
    position: { x: 0, y: 0 },
    firmware_version: "2.8.1",
    nickname: null,
    motor_current: null,
    motor_power: true,
    job_id: null,
    reason: null,
    starved_strokes: 0,
    inked_today_mm: 0,
    speed: 1,
    ...more,
  };
}

export function systemView(more: {
  epoch: string;
  seq: number;
  url: string;
  connections: number;
}): SystemView {
  return {
    status: "ready",
    daemon_version: "0.1.0",
    uptime: 3600,
    active_jobs: 0,
    queue_length: 0,
    pid: 4711,
    node_version: "20.19.0",
    data_dir: "/var/lib/plotty",
    config_file: null,
    epoch: more.epoch,
    seq: more.seq,
    websocket: { enabled: true, url: more.url, connections: more.connections, max_connections: 100 },
  };
}

/** An alert as `GET /api/v1/alerts` shows it. */
export function alertView(alert: SystemAlert, isAcknowledged = false): AlertView {
  const { id, level, source, message, details, timestamp } = alert;
  return {
    ...{ id, level, source, message, details },
    job_id: alert.job_id ?? null,
    device_id: alert.device_id ?? null,
    raised_at: timestamp,
    last_at: timestamp,
    count: 1,
    cleared_at: null,
    acknowledged_at: isAcknowledged ? timestamp : null,
  };
}
