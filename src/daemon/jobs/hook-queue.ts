const MOST_AT_ONCE = 4;
const MOST_WAITING = 1000;

interface Waiting {
  readonly line: string;
  readonly work: () => Promise<void>;
}

/** Work in lines: what stands in one line runs one after the other, and only a few lines move at once. */
export class HookQueue {
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Map<string, Promise<void>>();

  /** @param work never rejects @returns false where too much waits already */
  add(line: string, work: () => Promise<void>): boolean {
    if (this.#waiting.length >= MOST_WAITING) return false;
    this.#waiting.push({ line, work });
    this.#next();
    return true;
  }

  /** Resolves when nothing waits or runs, or after `timeoutMs`. */
  async drained(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<"too long">((resolve) => {
      timer = setTimeout(() => resolve("too long"), timeoutMs);
    });
    while (this.#busy.size > 0) {
      const how = await Promise.race([tooLong, ...this.#busy.values()]);
      if (how === "too long") break;
    }
    clearTimeout(timer);
  }

  /** Forgets what waits, and resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    await Promise.all(this.#busy.values());
  }

  #next(): void {
    while (this.#busy.size < MOST_AT_ONCE) {
      const index = this.#waiting.findIndex(({ line }) => !this.#busy.has(line));
      if (index < 0) return;
      const [{ line, work }] = this.#waiting.splice(index, 1) as [Waiting];
      const run = work().finally(() => {
        this.#busy.delete(line);
        this.#next();
      });
      this.#busy.set(line, run);
    }
  }
}
