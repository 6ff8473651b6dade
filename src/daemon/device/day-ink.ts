/** A day's ink, to be kept over a restart. */
export interface KeptInk {
  /** Of the local calendar: `Sun Nov 22 2026`. */
  readonly day: string;
  readonly mm: number;
}

/** How much ink a machine has laid down since local midnight. */
export class DayInk {
  readonly #nowMs: () => number;
  #day = "";
  #mm = 0;

  /** @param nowMs ms since 1970 */
  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  get mm(): number {
    this.#turnDay();
    return this.#mm;
  }

  add(mm: number): void {
    this.#turnDay();
    this.#mm += mm;
  }

  /** In whole metres, so that it is written once a metre and not at every report. */
  get kept(): KeptInk {
    return { mm: Math.floor(this.mm / 1000) * 1000, day: this.#day };
  }

  recall({ day, mm }: KeptInk): void {
    this.#day = day;
    this.#mm = mm;
  }

  #turnDay(): void {
    const day = new Date(this.#nowMs()).toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.#mm = 0;
  }
}
