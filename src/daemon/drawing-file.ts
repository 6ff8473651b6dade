import { closeSync, openSync, readSync } from "node:fs";
import { PlottyError } from "../shared/errors.ts";

const PIECE_BYTES = 1 << 18;

/** A drawing on disk, read piece by piece as often as it is gone through. A piece holds until the next one is asked for. */
export class DrawingFile implements Iterable<Uint8Array> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws PlottyError `file.unreadable` with what is wrong with the file */
  *[Symbol.iterator](): Generator<Uint8Array> {
    const file = this.#try(() => openSync(this.#path, "r"));
    try {
      const buffer = new Uint8Array(PIECE_BYTES);
      for (;;) {
        const length = this.#try(() => readSync(file, buffer));
        if (length === 0) return;
        yield buffer.subarray(0, length);
      }
    } finally {
      closeSync(file);
    }
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }
}

export function unreadable(path: string, error: unknown): PlottyError {
  const { code, message } = error as NodeJS.ErrnoException;
  const facts = { file: path };
  if (code === "EISDIR") {
    return new PlottyError("file.unreadable", `${path} is a directory: name an SVG file in it`, facts, error);
  }
  const why =
    code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : message;
  return new PlottyError("file.unreadable", `${path} cannot be read: ${why}`, facts, error);
}
