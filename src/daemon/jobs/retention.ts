import { toPlottyError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type { Config } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import type { JobBook } from "./job-book.ts";
import { JobFolder } from "./job-folder.ts";

export interface RetentionOptions {
  readonly book: JobBook;
  /** Read each time, so that a reload counts. */
  readonly queue: Config["queue"];
  readonly dataDir: string;
  readonly log: Logger;
}

/** Keeps the newest ended jobs, as many as the configuration says; of the others row and folder go, and `job_removed` is told. */
export class Retention {
  readonly #options: RetentionOptions;
  #isDue = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    options.book.watch((job) => {
      if (isFinished(job.state.name)) this.soon();
    });
  }

  /** Once whoever has ended a job has had its say about it. */
  soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#prune();
    });
  }

  #prune(): void {
    const { book, queue, dataDir, log } = this.#options;
    try {
      for (const id of book.store.surplus(queue.keep_finished)) {
        book.remove(id);
        new JobFolder(dataDir, id).remove();
        log.info({ job: id, keep_finished: queue.keep_finished }, "an old job was removed");
      }
    } catch (error) {
      // A disk that takes nothing, or a daemon that has just closed it: the next job that ends tries again.
      log.warn({ err: toPlottyError(error) }, "old jobs were not removed");
    }
  }
}
