import type { Clock } from "../../shared/clock.ts";
import type { NewAlert } from "../publisher.ts";

/** The limit is near from this share of it on; told again only after it was once below the second. */
const NEAR_SHARE = 0.9;
const FAR_SHARE = 0.8;
/** So many connections within ten seconds are a spike, when they are also ten times what the five minutes before had. */
const SPIKE_CONNECTIONS = 50;
const SPIKE_FACTOR = 10;
const SLOT_MS = 10_000;
const SLOTS_BEFORE = 30;
/** A spike that goes on is told once in so long. */
const QUIET_MS = 60_000;

const NEAR = "server/near-limit";
const SPIKE = "server/spike";
const CALM = "connections are opened at the usual rate again";

/** Notices when WebSocket connections near their limit, and when unusually many are opened. */
export class ConnectionAlerts {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #alert: (alert: NewAlert) => void;
  readonly #over: (key: string, message: string) => void;
  #isNear = false;
  #isSpike = false;
  /** Connections opened in this slot of ten seconds and in those before it, newest last. */
  #slots: number[] = [0];
  #slotStartMs: number;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  /** @param over what was alerted under this key is over; nothing happens where nothing was */
  constructor(
    clock: Clock,
    max: number,
    alert: (alert: NewAlert) => void,
    over: (key: string, message: string) => void = () => {},
  ) {
    this.#clock = clock;
    this.#max = max;
    this.#alert = alert;
    this.#over = over;
    this.#slotStartMs = clock.monotonicMs();
  }

  /** @param open connections now, the new one among them */
  opened(open: number): void {
    this.#turnSlots();
    this.#slots[this.#slots.length - 1]! += 1;
    this.#lookForSpike();
    this.#lookForCalm();
    if (this.#isNear || open < this.#max * NEAR_SHARE) return;
    this.#isNear = true;
    this.#tell(NEAR, `${open} of ${this.#max} connections are in use: raise websocket.max_connections?`, {
      open,
    });
  }

  closed(open: number): void {
    if (this.#isNear && open < this.#max * FAR_SHARE) this.#roomAgain();
    this.#turnSlots();
    this.#lookForCalm();
  }

  /** At the start nobody is connected: what an earlier daemon has told is over. */
  begin(): void {
    this.#roomAgain();
    this.#over(SPIKE, CALM);
  }

  #roomAgain(): void {
    this.#isNear = false;
    this.#over(NEAR, "there is room for connections again");
  }

  #lookForCalm(): void {
    if (!this.#isSpike || this.#clock.monotonicMs() < this.#quietUntilMs) return;
    if (this.#slots.at(-1)! >= SPIKE_CONNECTIONS) return;
    this.#isSpike = false;
    this.#over(SPIKE, CALM);
  }

  #lookForSpike(): void {
    const now = this.#clock.monotonicMs();
    const count = this.#slots.at(-1)!;
    if (count < SPIKE_CONNECTIONS || now < this.#quietUntilMs) return;
    const usual = this.#slots.slice(0, -1).reduce((sum, slot) => sum + slot, 0) / SLOTS_BEFORE;
    if (count < usual * SPIKE_FACTOR) return;
    this.#quietUntilMs = now + QUIET_MS;
    this.#isSpike = true;
    this.#tell(SPIKE, `${count} connections were opened within ten seconds`, { opened: count, usual });
  }

  #turnSlots(): void {
    const passed = Math.floor((this.#clock.monotonicMs() - this.#slotStartMs) / SLOT_MS);
    this.#slotStartMs += passed * SLOT_MS;
    for (let slot = 0; slot < Math.min(passed, SLOTS_BEFORE + 1); slot++) this.#slots.push(0);
    this.#slots = this.#slots.slice(-SLOTS_BEFORE - 1);
  }

  #tell(key: string, message: string, details: Record<string, unknown>): void {
    this.#alert({
      key,
      level: "warning",
      source: "server",
      message,
      details: { ...details, max_connections: this.#max },
    });
  }
}
