/** Pieces of something large, read when asked for; the few asked for last are kept. */
export class RecentPieces<T> {
  readonly #most: number;
  readonly #read: (index: number) => Promise<T>;
  readonly #pieces = new Map<number, Promise<T>>();

  /** @param most how many are kept */
  constructor(most: number, read: (index: number) => Promise<T>) {
    this.#most = most;
    this.#read = read;
  }

  /** A piece that could not be read is tried again when it is asked for again. */
  get(index: number): Promise<T> {
    const piece = this.#pieces.get(index) ?? this.#start(index);
    this.#pieces.delete(index);
    this.#pieces.set(index, piece); // newest last
    for (const oldest of this.#pieces.keys()) {
      if (this.#pieces.size <= this.#most) break;
      this.#pieces.delete(oldest);
    }
    return piece;
  }

  /** Starts to read it. What goes wrong is told to whoever asks for it. */
  fetch(index: number): void {
    this.get(index).catch(() => undefined);
  }

  #start(index: number): Promise<T> {
    const piece = this.#read(index);
    piece.catch(() => this.#pieces.delete(index));
    return piece;
  }
}
