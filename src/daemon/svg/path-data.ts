import { NumberScanner } from "./number-scanner.ts";
import { argumentCount, isLetter } from "./path-commands.ts";
import type { PathSink } from "./path-sink.ts";

/**
 * Draws the `d` attribute of a path, with the whole grammar of SVG 2, 9.3: compact numbers, flags without separators,
 * implicit repeats. An error ends the drawing after the last complete command, as browsers do.
 *
 * @returns where the error is (offset into `d`), or -1 when there is none
 */
export function drawPathData(d: string, sink: PathSink): number {
  return new PathReader(d, sink).run();
}

/** Of the command in hand: one path is read at a time. */
const ARGUMENTS = new Float64Array(7);

class PathReader {
  readonly #scanner: NumberScanner;
  readonly #sink: PathSink;
  /** The current point and the start of the subpath. */
  #x = 0;
  #y = 0;
  #startX = 0;
  #startY = 0;
  /** The control point that a smooth command reflects; only after a curve of its own kind. */
  #controlX = 0;
  #controlY = 0;
  #lastCurve: "none" | "quad" | "cubic" = "none";
  /** After `z` a subpath without its own `m` begins where the closed one began. */
  #closed = false;
  readonly #args = ARGUMENTS;

  constructor(d: string, sink: PathSink) {
    this.#scanner = new NumberScanner(d);
    this.#sink = sink;
  }

  run(): number {
    const scanner = this.#scanner;
    scanner.skipSpace();
    let first = true;
    while (!scanner.done) {
      const at = scanner.at;
      const letter = scanner.code;
      const upper = letter & ~0x20;
      if (first && upper !== 0x4d) return at;
      first = false;
      scanner.at++;
      if (upper === 0x5a && isLetter(letter)) {
        this.#close();
        scanner.skipSpace();
        continue;
      }
      const count = isLetter(letter) ? argumentCount(upper) : 0;
      if (count === 0) return at;
      if (!this.#repeat(upper, letter !== upper, count)) return scanner.at;
    }
    return -1;
  }

  /** One command letter and all the argument sets that follow it. */
  #repeat(upper: number, relative: boolean, count: number): boolean {
    const scanner = this.#scanner;
    const command = upper;
    scanner.skipSpace();
    if (command === 0x4c) return this.#lines(relative);
    if (command === 0x43) return this.#cubics(relative);
    for (;;) {
      if (!(command === 0x41 ? this.#readArc() : this.#readArguments(count))) return false;
      this.#draw(command, relative);
      const hadComma = scanner.skipCommaSpace();
      if (!scanner.seesNumber) return !hadComma;
      if (command === 0x4d) return this.#lines(relative);
    }
  }

  /** What nearly all paths are made of. */
  #lines(relative: boolean): boolean {
    const scanner = this.#scanner;
    const sink = this.#sink;
    for (;;) {
      let x = scanner.number();
      scanner.skipCommaSpace();
      let y = scanner.number();
      if (Number.isNaN(x) || Number.isNaN(y)) return false;
      if (relative) {
        x += this.#x;
        y += this.#y;
      }
      if (this.#closed) this.#reopen();
      sink.lineTo(x, y);
      this.#x = x;
      this.#y = y;
      this.#lastCurve = "none";
      const hadComma = scanner.skipCommaSpace();
      if (!scanner.seesNumber) return !hadComma;
    }
  }

  /** What nearly all the others are made of. */
  #cubics(relative: boolean): boolean {
    const scanner = this.#scanner;
    const args = this.#args;
    for (;;) {
      if (!this.#readArguments(6)) return false;
      this.#reopen();
      const dx = relative ? this.#x : 0;
      const dy = relative ? this.#y : 0;
      this.#cubicTo(args[0]! + dx, args[1]! + dy, args[2]! + dx, args[3]! + dy, args[4]! + dx, args[5]! + dy);
      const hadComma = scanner.skipCommaSpace();
      if (!scanner.seesNumber) return !hadComma;
    }
  }

  #readArguments(count: number): boolean {
    for (let i = 0; i < count; i++) {
      if (i > 0) this.#scanner.skipCommaSpace();
      const value = this.#scanner.number();
      if (Number.isNaN(value)) return false;
      this.#args[i] = value;
    }
    return true;
  }

  #readArc(): boolean {
    if (!this.#readArguments(3)) return false;
    const scanner = this.#scanner;
    const args = this.#args;
    for (let i = 3; i < 7; i++) {
      scanner.skipCommaSpace();
      if (i < 5) {
        const flag = scanner.flag();
        if (flag === undefined) return false;
        args[i] = flag ? 1 : 0;
      } else {
        const value = scanner.number();
        if (Number.isNaN(value)) return false;
        args[i] = value;
      }
    }
    return true;
  }

  #draw(command: number, relative: boolean): void {
    const args = this.#args;
    const dx = relative ? this.#x : 0;
    const dy = relative ? this.#y : 0;
    if (command !== 0x4d) this.#reopen();
    switch (command) {
      case 0x4d: // M
        this.#moveTo(args[0]! + dx, args[1]! + dy);
        break;
      case 0x4c: // L
        this.#lineTo(args[0]! + dx, args[1]! + dy);
        break;
      case 0x48: // H
        this.#lineTo(args[0]! + dx, this.#y);
        break;
      case 0x56: // V
        this.#lineTo(this.#x, args[0]! + dy);
        break;
      case 0x41: // A
        this.#arcTo(args[5]! + dx, args[6]! + dy);
        break;
      default:
        this.#drawCurve(command, dx, dy);
    }
  }

  #drawCurve(command: number, dx: number, dy: number): void {
    const args = this.#args;
    const [x1, y1] = [args[0]! + dx, args[1]! + dy];
    const [x2, y2] = [args[2]! + dx, args[3]! + dy];
    if (command === 0x51)
      this.#quadTo(x1, y1, x2, y2); // Q
    else if (command === 0x53)
      this.#cubicTo(...this.#reflected("cubic"), x1, y1, x2, y2); // S
    else this.#quadTo(...this.#reflected("quad"), x1, y1); // T
  }

  #arcTo(x: number, y: number): void {
    const args = this.#args;
    this.#sink.arcTo(args[0]!, args[1]!, args[2]!, args[3] === 1, args[4] === 1, x, y);
    this.#goTo(x, y, "none");
  }

  #moveTo(x: number, y: number): void {
    this.#sink.moveTo(x, y);
    this.#goTo(x, y, "none");
    this.#startX = x;
    this.#startY = y;
    this.#closed = false;
  }

  #lineTo(x: number, y: number): void {
    this.#sink.lineTo(x, y);
    this.#goTo(x, y, "none");
  }

  #cubicTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#sink.cubicTo(x1, y1, x2, y2, x, y);
    this.#goTo(x, y, "cubic");
    this.#controlX = x2;
    this.#controlY = y2;
  }

  #quadTo(x1: number, y1: number, x: number, y: number): void {
    this.#sink.quadTo(x1, y1, x, y);
    this.#goTo(x, y, "quad");
    this.#controlX = x1;
    this.#controlY = y1;
  }

  #close(): void {
    if (!this.#closed) this.#sink.close();
    this.#closed = true;
    this.#goTo(this.#startX, this.#startY, "none");
  }

  #reopen(): void {
    if (!this.#closed) return;
    this.#sink.moveTo(this.#startX, this.#startY);
    this.#closed = false;
  }

  #goTo(x: number, y: number, curve: "none" | "quad" | "cubic"): void {
    this.#x = x;
    this.#y = y;
    this.#lastCurve = curve;
  }

  #reflected(kind: "quad" | "cubic"): [number, number] {
    if (this.#lastCurve !== kind) return [this.#x, this.#y];
    return [2 * this.#x - this.#controlX, 2 * this.#y - this.#controlY];
  }
}
