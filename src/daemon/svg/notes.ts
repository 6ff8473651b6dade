/** Collects what the user must hear: each sentence once, and what happens often as one sentence with a count. */
export class Notes {
  readonly #sentences = new Set<string>();
  readonly #tallies = new Map<
    string,
    { count: number; sentence: (count: number, first: string) => string; first: string }
  >();

  add(sentence: string): void {
    this.#sentences.add(sentence);
  }

  /** @param first words about the first case of this kind */
  tally(kind: string, first: string, sentence: (count: number, first: string) => string): void {
    const known = this.#tallies.get(kind);
    if (known) known.count++;
    else this.#tallies.set(kind, { count: 1, first, sentence });
  }

  toArray(): string[] {
    const counted = [...this.#tallies.values()].map(({ count, first, sentence }) => sentence(count, first));
    return [...this.#sentences, ...counted];
  }
}

/** `1 image`, `3 images`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
