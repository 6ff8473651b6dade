const SPACE = 0x20;
const COMMA = 0x2c;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, i) => 10 ** i);
/** Browsers keep coordinates as 32-bit floats and call a number beyond their range an error. */
const LARGEST = 3.4028234663852886e38;

/**
 * Reads the numbers of path data, point lists and transforms without cutting the text into pieces.
 * Grammar: SVG 2, 9.3.9 (`number`, `comma_wsp`, `flag`).
 */
export class NumberScanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++;
  }

  /** @returns whether there was a comma: then a number must follow */
  skipCommaSpace(): boolean {
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== COMMA) return false;
    this.at++;
    this.skipSpace();
    return true;
  }

  /** A number starts here: a digit, a sign or a point. */
  get seesNumber(): boolean {
    const code = this.text.charCodeAt(this.at);
    return isDigit(code) || code === 0x2d || code === 0x2b || code === 0x2e;
  }

  /** @returns NaN where there is none; the place is then that of the error */
  number(): number {
    const { text } = this;
    let i = this.at;
    let code = text.charCodeAt(i);
    const negative = code === 0x2d;
    if (negative || code === 0x2b) code = text.charCodeAt(++i);
    const digitsFrom = i;
    let mantissa = 0;
    let digits = 0;
    let scale = 0;
    for (; isDigit(code); code = text.charCodeAt(++i)) {
      mantissa = mantissa * 10 + (code - 0x30);
      digits++;
    }
    if (code === 0x2e) {
      // `20.` is no number: a digit must follow the point.
      if (!isDigit(text.charCodeAt(i + 1))) return Number.NaN;
      code = text.charCodeAt(++i);
      for (; isDigit(code); code = text.charCodeAt(++i)) {
        mantissa = mantissa * 10 + (code - 0x30);
        digits++;
        scale++;
      }
    }
    if (digits === 0) return Number.NaN;
    const exponentFrom = i;
    if ((code === 0x65 || code === 0x45) && this.#exponentFollows(i + 1)) {
      code = text.charCodeAt(++i);
      if (code === 0x2d || code === 0x2b) code = text.charCodeAt(++i);
      while (isDigit(code)) code = text.charCodeAt(++i);
    }
    this.at = i;
    const exact = i === exponentFrom && digits <= 15 && scale <= 22;
    const value = exact ? mantissa / POWERS_OF_TEN[scale]! : Number(text.slice(digitsFrom, i));
    if (value > LARGEST) return Number.NaN;
    return negative ? -value : value;
  }

  /** The `0` or `1` of an arc, which needs nothing around it. Undefined where there is none. */
  flag(): boolean | undefined {
    const code = this.text.charCodeAt(this.at);
    if (code !== 0x30 && code !== 0x31) return undefined;
    this.at++;
    return code === 0x31;
  }

  #exponentFollows(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return isDigit(code) || ((code === 0x2d || code === 0x2b) && isDigit(this.text.charCodeAt(at + 1)));
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x09 || code === 0x0d || code === 0x0c;
}
