import type { Clock } from "../shared/clock.ts";
import type { NewAlert } from "./alert-book.ts";
import { ALERT_RULES, type WatchedFigures } from "./alert-rules.ts";
import type { Config } from "./config-schema.ts";
import type { HostFigures } from "./host-meter.ts";
import { RecentGrowth } from "./recent-growth.ts";

export interface Measured extends HostFigures {
  /** Since the daemon began: strokes that stuttered, clients cut off as too slow. */
  readonly starvedTotal: number;
  readonly slowClientsTotal: number;
}

/** Where alerts go, and what is under way of them. */
export interface AlertDesk {
  raise(alert: NewAlert): void;
  over(key: string, message: string): void;
  isUnderWay(key: string): boolean;
}

export interface AlertWatchOptions {
  /** Read at every look, so that a reload counts at once. */
  readonly limits: Config["alerts"];
  readonly clock: Clock;
  readonly measure: () => Measured;
  readonly desk: AlertDesk;
}

const STARVED_WINDOW_MS = 600_000;
const SLOW_WINDOW_MS = 60_000;

/** Raises an alert once when a figure goes over its limit, and says once when it is over again. */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #starved: RecentGrowth;
  readonly #slow: RecentGrowth;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    this.#starved = new RecentGrowth(options.clock, STARVED_WINDOW_MS);
    this.#slow = new RecentGrowth(options.clock, SLOW_WINDOW_MS);
  }

  look(): void {
    const { limits, measure, desk } = this.#options;
    const measured = measure();
    const figures: WatchedFigures = {
      ...measured,
      starvedStrokes: this.#starved.since(measured.starvedTotal),
      slowClients: this.#slow.since(measured.slowClientsTotal),
    };
    for (const { key, source, isOver, isWell, tell, well } of ALERT_RULES) {
      const isUnderWay = desk.isUnderWay(key);
      if (!isUnderWay && isOver(figures, limits)) {
        desk.raise({ key, level: "warning", source, ...tell(figures, limits) });
      } else if (isUnderWay && isWell(figures, limits)) desk.over(key, well);
    }
  }
}
