/** What one run of a planner in a process of its own tells: written to standard output as one line of JSON. */
export interface PlanResult {
  /** ms of each stage, in order. */
  readonly stages: Readonly<Record<string, number>>;
  /** The same in time of the processor, collector and compiler threads included. */
  readonly stageCpuMs: Readonly<Record<string, number>>;
  /** From the bytes of the file to the plan, ms on the clock and of the processor. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The most memory the process held, MiB. */
  readonly peakMb: number;
  readonly inkMm: number;
  readonly travelMm: number;
  readonly lifts: number;
  readonly plannedS: number;
}

/** Times stages one after the other. */
export class StageClock {
  readonly stages: Record<string, number> = {};
  readonly stageCpuMs: Record<string, number> = {};
  readonly #startMs = performance.now();
  readonly #startCpu = process.cpuUsage();
  #lastMs = this.#startMs;
  #lastCpu = this.#startCpu;

  /** The stage that has just ended. */
  lap(name: string): void {
    const now = performance.now();
    this.stages[name] = (this.stages[name] ?? 0) + now - this.#lastMs;
    this.#lastMs = now;
    const { user, system } = process.cpuUsage(this.#lastCpu);
    this.stageCpuMs[name] = (this.stageCpuMs[name] ?? 0) + (user + system) / 1000;
    this.#lastCpu = process.cpuUsage();
  }

  /** Writes the result; figures of the plan are worked out afterwards, off the clock. */
  tell(figures: () => Pick<PlanResult, "inkMm" | "travelMm" | "lifts" | "plannedS">): void {
    const wallMs = performance.now() - this.#startMs;
    const { user, system } = process.cpuUsage(this.#startCpu);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    const result: PlanResult = {
      ...{ stages: this.stages, stageCpuMs: this.stageCpuMs, wallMs, cpuMs: (user + system) / 1000, peakMb },
      ...figures(),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}
