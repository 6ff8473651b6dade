/**
 * Writes lines to a stream that may be slower than they come. Lines of one turn of the event loop go out as one write;
 * while the reader is behind, `onFull` tells the source to stop and `onReady` to go on, so nothing piles up here.
 */
export class LineWriter {
  readonly #stream: NodeJS.WritableStream;
  readonly #onFull: () => void;
  readonly #onReady: () => void;
  #pending = "";
  #isFull = false;

  constructor(stream: NodeJS.WritableStream, onFull: () => void, onReady: () => void) {
    this.#stream = stream;
    this.#onFull = onFull;
    this.#onReady = onReady;
  }

  write(line: string): void {
    if (this.#pending === "") setImmediate(() => this.#flush());
    this.#pending += `${line}\n`;
  }

  /** Resolves when everything written so far has been handed to the system. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      const text = this.#pending;
      this.#pending = "";
      this.#stream.write(text, () => resolve());
    });
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = "";
    if (text === "" || this.#stream.write(text) || this.#isFull) return;
    this.#isFull = true;
    this.#onFull();
    this.#stream.once("drain", () => {
      this.#isFull = false;
      this.#onReady();
    });
  }
}
