/** A pipe takes this much at once; more would only be copied once again. */
const BATCH_BYTES = 65_536;
const LINE_FEED = 10;

/**
 * Writes lines to a stream that may be slower than they come. Lines of one turn of the event loop go out together;
 * while the reader is behind, `onFull` tells the source to stop and `onReady` to go on, so nothing piles up here.
 */
export class LineWriter {
  readonly #stream: NodeJS.WritableStream;
  readonly #onFull: () => void;
  readonly #onReady: () => void;
  #batch = Buffer.allocUnsafe(BATCH_BYTES);
  #length = 0;
  #isFlushing = false;
  #isFull = false;

  constructor(stream: NodeJS.WritableStream, onFull: () => void, onReady: () => void) {
    this.#stream = stream;
    this.#onFull = onFull;
    this.#onReady = onReady;
  }

  /** @param line without its line feed; bytes are copied */
  write(line: string | Uint8Array): void {
    const bytes = typeof line === "string" ? Buffer.from(line) : line;
    if (this.#length + bytes.length + 1 > this.#batch.length) this.#makeRoom(bytes.length + 1);
    this.#batch.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#batch[this.#length++] = LINE_FEED;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => this.#flush());
  }

  /** Resolves when everything written so far has been handed to the system. */
  drained(): Promise<void> {
    return new Promise((resolve) => this.#stream.write(this.#take(), () => resolve()));
  }

  #flush(): void {
    this.#isFlushing = false;
    this.#send();
  }

  #makeRoom(bytes: number): void {
    this.#send();
    if (bytes > this.#batch.length) this.#batch = Buffer.allocUnsafe(bytes);
  }

  #send(): void {
    if (this.#length === 0 || this.#stream.write(this.#take()) || this.#isFull) return;
    this.#isFull = true;
    this.#onFull();
    this.#stream.once("drain", () => {
      this.#isFull = false;
      this.#onReady();
    });
  }

  /** What has been collected. The stream keeps it for as long as it needs, so the next lines go elsewhere. */
  #take(): Buffer {
    const lines = this.#batch.subarray(0, this.#length);
    this.#length = 0;
    if (lines.length < BATCH_BYTES / 4) return Buffer.from(lines);
    this.#batch = Buffer.allocUnsafe(BATCH_BYTES);
    return lines;
  }
}
