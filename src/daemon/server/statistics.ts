import type { DeviceStats, JobStats, WebsocketStats } from "../../shared/http-messages.ts";
import { JOB_STATES } from "../../shared/job-states.ts";
import type { SystemStatus } from "../../shared/ws-messages.ts";
import type { DeviceService, JobService } from "../services.ts";
import type { Connections } from "./connections.ts";
import type { States } from "./states.ts";
import type { Traffic } from "./traffic.ts";

export interface StatisticsSources {
  readonly traffic: Traffic;
  readonly connections: Connections;
  readonly states: States;
  readonly jobs: JobService;
  readonly devices: DeviceService;
  readonly maxConnections: number;
  url(): string;
}

const PAGE = 1000;

/** The figures of `plotty stats` and `/metrics`, gathered when they are asked for. */
export class Statistics {
  readonly #sources: StatisticsSources;

  constructor(sources: StatisticsSources) {
    this.#sources = sources;
  }

  websocket(): WebsocketStats {
    const { traffic, connections, maxConnections, states } = this.#sources;
    const perSecond = traffic.perSecond();
    return {
      url: this.#sources.url(),
      uptime: states.systemStatus().uptime,
      connections: {
        open: connections.open,
        max: maxConnections,
        total: connections.total,
        by_endpoint: connections.byEndpoint(),
        by_channel: connections.byChannel(),
      },
      messages_in: traffic.messagesIn,
      messages_out: traffic.byType(),
      messages_out_total: traffic.total.messages,
      bytes_out_total: traffic.total.bytes,
      messages_out_per_second: perSecond.messages,
      bytes_out_per_second: perSecond.bytes,
      conflated: traffic.conflated,
      rate_limited: traffic.rateLimited,
      closed_slow: traffic.closedSlow,
      closed_idle: traffic.closedIdle,
      refused_connections: traffic.refusedConnections,
      auth_failures: traffic.authFailures,
      latency_ms: traffic.latency(),
      clients: connections.list(),
    };
  }

  jobs(): JobStats {
    const byState = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as JobStats["by_state"];
    let total = 0;
    let durationS = 0;
    let inkMm = 0;
    let cursor: string | undefined;
    do {
      const page = this.#sources.jobs.list({ limit: PAGE, cursor });
      for (const job of page.jobs) {
        total += 1;
        byState[job.state] += 1;
        if (job.state === "COMPLETED") {
          durationS += job.estimate?.duration_s ?? 0;
          inkMm += job.estimate?.ink_mm ?? 0;
        }
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return { by_state: byState, total, completed_duration_s: durationS, completed_ink_mm: inkMm };
  }

  devices(): DeviceStats {
    const devices = this.#sources.devices.list();
    const byStatus: Record<string, number> = {};
    for (const { status } of devices) byStatus[status] = (byStatus[status] ?? 0) + 1;
    const starved = devices.reduce((sum, device) => sum + device.starved_strokes, 0);
    return { total: devices.length, by_status: byStatus, starved_strokes: starved, devices };
  }

  system(): SystemStatus {
    return this.#sources.states.systemStatus();
  }
}
