/** Longer text without a line end is no reply of a board; it is handed on as it is, to be refused. */
const LONGEST_LINE = 1024;

/** Cuts a stream of text into lines at any mix of CR and LF; empty lines are dropped. */
export class LineSplitter {
  #rest = "";

  push(text: string): string[] {
    const lines = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = lines.pop()!;
    if (this.#rest.length > LONGEST_LINE) {
      lines.push(this.#rest);
      this.#rest = "";
    }
    return lines.filter((line) => line !== "");
  }
}
