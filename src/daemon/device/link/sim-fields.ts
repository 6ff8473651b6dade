/** The fields of one command line, read with the strictness of the firmware's own reader. */

export type NumberKind = "u8" | "u16" | "i16" | "u32" | "i32";

const RANGES: Record<NumberKind, readonly [number, number]> = {
  u8: [0, 255],
  u16: [0, 65_535],
  i16: [-32_768, 32_767],
  u32: [0, 4_294_967_295],
  i32: [-2_147_483_648, 2_147_483_647],
};

/** The error of a line: the number of the `!` message. 5 is told at once, the others after the command. */
export type FieldError = 1 | 4 | 5 | 6 | 7 | 8;

export class Fields {
  readonly errors: FieldError[] = [];
  /** The character found where a comma was expected. */
  readonly found: string[] = [];
  readonly #rest: string;
  #at = 0;

  /** @param rest the line after the command's letters */
  constructor(rest: string) {
    this.#rest = rest;
  }

  get isFine(): boolean {
    return this.errors.length === 0;
  }

  get atEnd(): boolean {
    return this.#at >= this.#rest.length;
  }

  required(kind: NumberKind): number {
    return this.#read(kind, true) ?? 0;
  }

  optional(kind: NumberKind, otherwise: number): number {
    return this.#read(kind, false) ?? otherwise;
  }

  /** Up to `longest` characters, to the next comma or the end. */
  text(longest: number): string {
    if (!this.#comma(true)) return "";
    const text = this.#rest.slice(this.#at).split(",")[0]!.slice(0, longest);
    this.#at += text.length;
    return text;
  }

  fail(error: FieldError): void {
    this.errors.push(error);
  }

  /** An empty field is 0; digits end at the first other character, which then is not the comma that is wanted. */
  #read(kind: NumberKind, isRequired: boolean): number | undefined {
    if (!this.#comma(isRequired)) return undefined;
    if (this.atEnd) {
      if (isRequired) this.fail(4);
      return undefined;
    }
    const isNegative = this.#rest[this.#at] === "-";
    if (isNegative && kind.startsWith("u")) {
      this.fail(6);
      return undefined;
    }
    if (isNegative) this.#at++;
    const digits = /^\d{0,10}/.exec(this.#rest.slice(this.#at))![0];
    this.#at += digits.length;
    const value = Number(digits) * (isNegative ? -1 : 1);
    const [least, most] = RANGES[kind];
    if (value < least || value > most) {
      this.fail(6);
      return undefined;
    }
    return value + 0;
  }

  #comma(isRequired: boolean): boolean {
    if (this.atEnd) {
      if (isRequired) this.fail(4);
      return false;
    }
    if (this.#rest[this.#at] !== ",") {
      if (isRequired) {
        this.fail(5);
        this.found.push(this.#rest[this.#at]!);
      }
      return false;
    }
    this.#at++;
    return true;
  }
}
