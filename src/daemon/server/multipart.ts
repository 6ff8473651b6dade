import { PlottyError } from "../../shared/errors.ts";

/** A form as it comes in, piece by piece: a part begins, then its data. */
export type FormPiece =
  | { readonly type: "part"; readonly name: string; readonly fileName: string | null }
  | { readonly type: "data"; readonly data: Buffer };

const LONGEST_HEADERS = 16_384;
const HEADERS_END = "\r\n\r\n";

/**
 * Reads `multipart/form-data` while it arrives; no more than one chunk and a delimiter is ever held.
 * Throws `request.invalid` for what is none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */
export async function* readForm(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<FormPiece> {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(contentType)}`);
  const input = new Input(chunks);
  try {
    for await (const _ of input.until(delimiter)); // what stands before the first part means nothing
    while (!(await input.isLast())) {
      yield partOf(await input.headers());
      for await (const data of input.until(delimiter)) yield { type: "data", data };
    }
    await input.drain();
  } finally {
    await input.close();
  }
}

/** What has come and was not taken yet. */
class Input {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** The first delimiter needs no line before it. */
  #rest: Buffer = Buffer.from("\r\n");

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** All up to the delimiter, which is taken too. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(delimiter);
      const safe = at >= 0 ? at : Math.max(0, this.#rest.length - delimiter.length + 1);
      if (safe > 0) yield this.#rest.subarray(0, safe);
      this.#rest = this.#rest.subarray(at >= 0 ? at + delimiter.length : safe);
      if (at >= 0) return;
      await this.#more();
    }
  }

  /** Behind a delimiter: `--` ends the form, a line's end begins a part. */
  async isLast(): Promise<boolean> {
    while (this.#rest.length < 2) await this.#more();
    if (this.#rest.subarray(0, 2).toString() === "--") return true;
    return false;
  }

  /** The lines up to the empty one; what follows the delimiter on its line may only be blanks. */
  async headers(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(HEADERS_END);
      if (end > LONGEST_HEADERS || (end < 0 && this.#rest.length > LONGEST_HEADERS)) throw noForm();
      if (end >= 0) {
        const text = this.#rest.subarray(0, end).toString();
        this.#rest = this.#rest.subarray(end + HEADERS_END.length);
        if (!/^[ \t]*\r\n/.test(`${text}\r\n`)) throw noForm();
        return text;
      }
      await this.#more();
    }
  }

  /** Reads what stands behind the form and means nothing: the connection goes on after it. */
  async drain(): Promise<void> {
    while (!(await this.#chunks.next()).done);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) throw noForm();
    this.#rest = this.#rest.length === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
  }
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? "";
  if (boundary === "" || boundary.length > 70) throw noForm();
  return boundary;
}

function partOf(headers: string): FormPiece {
  const line = headers.split("\r\n").find((each) => /^content-disposition:/i.test(each)) ?? "";
  const name = parameter(line, "name");
  if (!/^content-disposition:\s*form-data\s*;/i.test(line) || name === null) throw noForm();
  return { type: "part", name, fileName: parameter(line, "filename") };
}

/** Quoted or not; browsers write a quote in a name as %22, others as \". */
function parameter(line: string, name: string): string | null {
  const [, quoted, plain] =
    new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, "i").exec(line) ?? [];
  const value = quoted?.replace(/\\(["\\])/g, "$1") ?? plain;
  return (
    value?.replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) ?? null
  );
}

function noForm(): PlottyError {
  return new PlottyError("request.invalid", "the form cannot be read: it is not valid multipart/form-data");
}
