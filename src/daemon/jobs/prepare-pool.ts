import { Worker } from "node:worker_threads";
import { errorFromBody, PlottyError } from "../../shared/errors.ts";
import { entryPoint } from "../entry-point.ts";
import type { Planned, PrepareAnswer, PrepareRequest } from "./prepare-worker.ts";

interface Waiting {
  readonly request: PrepareRequest;
  readonly resolve: (summary: Planned) => void;
  readonly reject: (error: Error) => void;
}

const MEMORY_MB = 2048;
/** Nothing that a person would draw takes this long to plan. */
const LONGEST_MS = 10 * 60_000;

/** Plans one drawing after the other in a thread of its own; a drawing that brings the thread down fails alone. */
export class PreparePool {
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting: Waiting[] = [];
  #nextId = 1;
  #isClosed = false;

  /** Rejects with what was wrong with the drawing. `signal` takes it out again. */
  prepare(request: Omit<PrepareRequest, "id">, signal: AbortSignal): Promise<Planned> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiting: Waiting = { request: { ...request, id: this.#nextId++ }, resolve, reject };
      signal.addEventListener("abort", () => this.#drop(waiting, signal.reason as Error), { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#current || this.#isClosed) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#current = next;
    this.#worker ??= this.#startWorker();
    this.#timer = setTimeout(() => {
      const minutes = LONGEST_MS / 60_000;
      this.#fail(
        new PlottyError(
          "svg.too-complex",
          `planning took more than ${minutes} minutes: simplify the drawing`,
        ),
      );
    }, LONGEST_MS);
    this.#worker.postMessage(next.request);
  }

  #startWorker(): Worker {
    const worker = new Worker(entryPoint("prepare-worker"), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      stdin: false,
    });
    worker.on("message", (answer: PrepareAnswer) => this.#answered(answer));
    worker.on("error", (error: Error & { code?: string }) => {
      if (worker !== this.#worker) return;
      const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      const message = isMemory
        ? `planning needed more than ${MEMORY_MB} MB: simplify the drawing`
        : error.message;
      this.#fail(new PlottyError(isMemory ? "svg.too-complex" : "internal", message, undefined, error));
    });
    return worker;
  }

  #answered(answer: PrepareAnswer): void {
    const current = this.#current;
    if (!current || current.request.id !== answer.id) return;
    this.#finish();
    if ("summary" in answer) current.resolve(answer.summary);
    else current.reject(errorFromBody(answer.error));
    this.#next();
  }

  /** The thread is lost or hangs: end it, fail its drawing, go on with the next in a new one. */
  #fail(error: Error): void {
    const current = this.#current;
    const worker = this.#worker;
    this.#worker = null;
    this.#finish();
    void worker?.terminate();
    current?.reject(error);
    this.#next();
  }

  #drop(waiting: Waiting, reason: Error): void {
    if (waiting === this.#current) return this.#fail(reason);
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    waiting.reject(reason);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#current = null;
  }
}
