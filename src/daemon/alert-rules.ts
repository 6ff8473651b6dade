import type { NewAlert } from "./alert-book.ts";
import type { Config } from "./config-schema.ts";
import type { HostFigures } from "./host-meter.ts";

type Limits = Config["alerts"];

/** What the rules look at. */
export interface WatchedFigures extends HostFigures {
  /** Strokes that stuttered within the last ten minutes, over all machines. */
  readonly starvedStrokes: number;
  /** Clients cut off as too slow within the last minute. */
  readonly slowClients: number;
}

/** Past the limit: an alert. Well again: it is over. Between the two nothing changes. */
export interface AlertRule {
  readonly key: string;
  readonly source: string;
  readonly isOver: (figures: WatchedFigures, limits: Limits) => boolean;
  readonly isWell: (figures: WatchedFigures, limits: Limits) => boolean;
  readonly tell: (figures: WatchedFigures, limits: Limits) => Pick<NewAlert, "message" | "details">;
  readonly well: string;
}

export const ALERT_RULES: readonly AlertRule[] = [
  {
    key: "host/queue",
    source: "host",
    isOver: ({ queueDepth }, { queue_depth }) => queueDepth > queue_depth,
    isWell: ({ queueDepth }, { queue_depth }) => queueDepth <= queue_depth * 0.9,
    tell: ({ queueDepth }, { queue_depth }) => ({
      message: `${queueDepth} jobs wait in the queue, more than ${queue_depth}`,
      details: { queue_depth: queueDepth, threshold: queue_depth },
    }),
    well: "the queue is short again",
  },
  {
    key: "host/temperature",
    source: "host",
    isOver: ({ temperatureC }, limits) => temperatureC !== null && temperatureC > limits.host_temperature_c,
    isWell: ({ temperatureC }, limits) =>
      temperatureC !== null && temperatureC < limits.host_temperature_c - 5,
    tell: ({ temperatureC }, { host_temperature_c }) => ({
      message: `the host is ${temperatureC} °C warm, more than ${host_temperature_c} °C: see to its cooling`,
      details: { temperature: temperatureC, threshold: host_temperature_c },
    }),
    well: "the host has cooled down",
  },
  {
    key: "host/disk",
    source: "host",
    isOver: ({ diskFreeMb }, { disk_free_mb }) => diskFreeMb !== null && diskFreeMb < disk_free_mb,
    isWell: ({ diskFreeMb }, { disk_free_mb }) => diskFreeMb !== null && diskFreeMb > disk_free_mb * 1.1,
    tell: ({ diskFreeMb }, { disk_free_mb }) => ({
      message: `only ${diskFreeMb} MB are free where the jobs are kept: make room, or nothing more can be added`,
      details: { disk_free_mb: diskFreeMb, threshold: disk_free_mb },
    }),
    well: "there is room on the disk again",
  },
  {
    key: "host/lag",
    source: "host",
    isOver: ({ eventLoopLagMs }, { event_loop_lag_ms }) => eventLoopLagMs > event_loop_lag_ms,
    isWell: ({ eventLoopLagMs }, { event_loop_lag_ms }) => eventLoopLagMs < event_loop_lag_ms / 5,
    tell: ({ eventLoopLagMs }, { event_loop_lag_ms }) => ({
      message: `the daemon was held up for ${Math.round(eventLoopLagMs)} ms: the host has too much to do (drawing goes on undisturbed)`,
      details: { event_loop_lag_ms: Math.round(eventLoopLagMs), threshold: event_loop_lag_ms },
    }),
    well: "the daemon keeps up again",
  },
  {
    key: "host/starved",
    source: "device",
    isOver: ({ starvedStrokes }, { starved_strokes }) => starvedStrokes >= starved_strokes,
    isWell: ({ starvedStrokes }) => starvedStrokes === 0,
    tell: ({ starvedStrokes }, { starved_strokes }) => ({
      message: `${starvedStrokes} strokes stuttered within ten minutes, since the machine got its moves too late: see what else this host does, and its USB cable`,
      details: { starved_strokes: starvedStrokes, threshold: starved_strokes },
    }),
    well: "the strokes are smooth again",
  },
  {
    key: "server/slow-clients",
    source: "server",
    isOver: ({ slowClients }, { slow_clients }) => slowClients >= slow_clients,
    isWell: ({ slowClients }) => slowClients === 0,
    tell: ({ slowClients }, { slow_clients }) => ({
      message: `${slowClients} clients were cut off within a minute, as they did not read fast enough: plotty stats websocket shows who lags`,
      details: { slow_clients: slowClients, threshold: slow_clients },
    }),
    well: "the clients keep up again",
  },
];
