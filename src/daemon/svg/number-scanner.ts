const SPACE = 0x20;
const COMMA = 0x2c;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, i) => 10 ** i);
/** Browsers keep coordinates as 32-bit floats and call a number beyond their range an error. */
const LARGEST = 3.4028234663852886e38;

const encoder = new TextEncoder();
/** Of the text being scanned. One is scanned at a time: no reader of numbers calls another. */
let shared = new Uint8Array(4096);

/**
 * Reads the numbers of path data, point lists and transforms without cutting the text into pieces, from its bytes: the text of an
 * attribute may be a part of a larger one, where each look at a character takes several steps.
 * Grammar: SVG 2, 9.3.9 (`number`, `comma_wsp`, `flag`).
 */
export class NumberScanner {
  readonly text: string;
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(text: string) {
    this.text = text;
    // Any grammar here is of ASCII, so that nothing after the first other character matters; that one itself needs 4 bytes.
    if (shared.length < text.length + 5) shared = new Uint8Array(2 * text.length + 5);
    this.#bytes = shared;
    this.#end = encoder.encodeInto(text, shared.subarray(0, text.length + 4)).written;
    shared[this.#end] = 0;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  /** The character (or byte of one) at the place; 0 at the end. */
  get code(): number {
    return this.#bytes[this.at]!;
  }

  skipSpace(): void {
    const bytes = this.#bytes;
    let i = this.at;
    while (isSpace(bytes[i]!)) i++;
    this.at = i;
  }

  /** @returns whether there was a comma: then a number must follow */
  skipCommaSpace(): boolean {
    const bytes = this.#bytes;
    let i = this.at;
    while (isSpace(bytes[i]!)) i++;
    const hasComma = bytes[i] === COMMA;
    if (hasComma) {
      i++;
      while (isSpace(bytes[i]!)) i++;
    }
    this.at = i;
    return hasComma;
  }

  /** A number starts here: a digit, a sign or a point. */
  get seesNumber(): boolean {
    const code = this.#bytes[this.at]!;
    return isDigit(code) || code === 0x2d || code === 0x2b || code === 0x2e;
  }

  /** @returns NaN where there is none; the place is then that of the error */
  number(): number {
    const bytes = this.#bytes;
    let i = this.at;
    let code = bytes[i]!;
    const negative = code === 0x2d;
    if (negative || code === 0x2b) code = bytes[++i]!;
    const digitsFrom = i;
    let mantissa = 0;
    let digits = 0;
    let scale = 0;
    for (; isDigit(code); code = bytes[++i]!) {
      mantissa = mantissa * 10 + (code - 0x30);
      digits++;
    }
    if (code === 0x2e) {
      // `20.` is no number: a digit must follow the point.
      if (!isDigit(bytes[i + 1]!)) return Number.NaN;
      code = bytes[++i]!;
      for (; isDigit(code); code = bytes[++i]!) {
        mantissa = mantissa * 10 + (code - 0x30);
        digits++;
        scale++;
      }
    }
    if (digits === 0) return Number.NaN;
    const exponentFrom = i;
    if ((code === 0x65 || code === 0x45) && this.#exponentFollows(i + 1)) {
      code = bytes[++i]!;
      if (code === 0x2d || code === 0x2b) code = bytes[++i]!;
      while (isDigit(code)) code = bytes[++i]!;
    }
    this.at = i;
    const exact = i === exponentFrom && digits <= 15 && scale <= 22;
    const value = exact ? mantissa / POWERS_OF_TEN[scale]! : Number(this.text.slice(digitsFrom, i));
    if (value > LARGEST) return Number.NaN;
    return negative ? -value : value;
  }

  /** The `0` or `1` of an arc, which needs nothing around it. Undefined where there is none. */
  flag(): boolean | undefined {
    const code = this.#bytes[this.at];
    if (code !== 0x30 && code !== 0x31) return undefined;
    this.at++;
    return code === 0x31;
  }

  #exponentFollows(at: number): boolean {
    const code = this.#bytes[at]!;
    return isDigit(code) || ((code === 0x2d || code === 0x2b) && isDigit(this.#bytes[at + 1]!));
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x09 || code === 0x0d || code === 0x0c;
}
