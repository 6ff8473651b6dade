import { PlottyError } from "../../shared/errors.ts";
import { whenAborted } from "../client/when-aborted.ts";
import type { Watch } from "../commands/monitor.ts";

/** The one way in which the screen ends: with an exit code or an error, whichever comes first. */
export class Ending {
  readonly exitCode: Promise<number>;
  #end: (exitCode: number) => void = () => {};
  #fail: (reason: unknown) => void = () => {};
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #stopListening: () => void;

  constructor(signal: AbortSignal) {
    this.exitCode = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.exitCode.catch(() => {}); // awaited once Ink is loaded
    this.#stopListening = whenAborted(signal, () => this.#fail(signal.reason));
  }

  now(exitCode: number): void {
    this.#end(exitCode);
  }

  fail(reason: unknown): void {
    this.#fail(reason);
  }

  after(exitCode: number | undefined, delayMs: number): void {
    if (exitCode !== undefined) this.#timers.push(setTimeout(() => this.#end(exitCode), delayMs));
  }

  timeOut({ until, timeoutMs }: Watch): void {
    const seconds = timeoutMs! / 1000;
    const end = () =>
      until ? this.#fail(new PlottyError("internal", `not ${until} within ${seconds} s`)) : this.#end(0);
    this.#timers.push(setTimeout(end, timeoutMs));
  }

  close(): void {
    this.#stopListening();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
