import { PlottyError } from "../../shared/errors.ts";
import type { Polyline } from "../../shared/geometry.ts";
import { ellipseOfArc } from "./arc.ts";
import { halve, isFlat } from "./cubic.ts";
import { largestStretch, type Matrix } from "./matrix.ts";
import type { PathSink } from "./path-sink.ts";
import { PointArena } from "./point-arena.ts";

/** Points of one drawing: far above any plot, low enough to stay within the memory a hostile file may take. */
export const MAX_POINTS = 10_000_000;
const MAX_DEPTH = 14;

export interface Outline {
  readonly points: Polyline;
  readonly closed: boolean;
}

/**
 * Turns shapes told in user units into polylines in mm. Curves are split until the polyline is within `toleranceMm` of
 * the true curve *after* the transform; end points of segments are exact.
 */
export class Flattener implements PathSink {
  readonly #tolerance: number;
  readonly #emit: (outline: Outline) => void;
  readonly #arena = new PointArena();
  #buffer = new Float64Array(1024);
  /** Pieces of the cubic in hand that are still to be drawn, the first of them last, and how often each was split. */
  readonly #cubics = new Float64Array(6 * MAX_DEPTH + 8);
  readonly #depths = new Uint8Array(MAX_DEPTH + 1);
  #length = 0;
  #total = 0;
  #m!: Matrix;
  #stretch = 1;
  /** Current point in user units (arcs need it) and in mm. */
  #userX = 0;
  #userY = 0;
  #x = 0;
  #y = 0;
  #startUserX = 0;
  #startUserY = 0;
  /** The subpath has a segment, be it of zero length; a lone `m` draws nothing. */
  #hasSegment = false;

  /** @param emit called with each finished subpath; one of a single point is a zero-length one */
  constructor(toleranceMm: number, emit: (outline: Outline) => void) {
    this.#tolerance = toleranceMm;
    this.#emit = emit;
  }

  /** Begins a shape. */
  begin(toMm: Matrix): void {
    if (toMm !== this.#m) this.#stretch = largestStretch(toMm);
    this.#m = toMm;
    this.#length = 0;
  }

  /** Ends the shape: the last subpath is told. */
  end(): void {
    this.#finish(false);
  }

  moveTo(x: number, y: number): void {
    this.#finish(false);
    this.#goTo(x, y);
    this.#startUserX = x;
    this.#startUserY = y;
    this.#push(this.#x, this.#y);
    this.#hasSegment = false;
  }

  lineTo(x: number, y: number): void {
    this.#hasSegment = true;
    this.#goTo(x, y);
    this.#push(this.#x, this.#y);
  }

  quadTo(x1: number, y1: number, x: number, y: number): void {
    const fromX = this.#userX;
    const fromY = this.#userY;
    this.cubicTo(
      fromX + (2 / 3) * (x1 - fromX),
      fromY + (2 / 3) * (y1 - fromY),
      x + (2 / 3) * (x1 - x),
      y + (2 / 3) * (y1 - y),
      x,
      y,
    );
  }

  cubicTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    const { a, b, c, d, e, f } = this.#m;
    const ax = this.#x;
    const ay = this.#y;
    this.#hasSegment = true;
    this.#goTo(x, y);
    const bx = a * x1 + c * y1 + e;
    const by = b * x1 + d * y1 + f;
    const cx = a * x2 + c * y2 + e;
    const cy = b * x2 + d * y2 + f;
    const cubics = this.#cubics;
    cubics[0] = this.#x;
    cubics[1] = this.#y;
    cubics[2] = cx;
    cubics[3] = cy;
    cubics[4] = bx;
    cubics[5] = by;
    cubics[6] = ax;
    cubics[7] = ay;
    const size = Math.abs(ax - bx) + Math.abs(ay - by) + Math.abs(ax - cx) + Math.abs(ay - cy);
    this.#split(this.#toleranceAt(size));
  }

  arcTo(rx: number, ry: number, turnDeg: number, large: boolean, sweep: boolean, x: number, y: number): void {
    if (x === this.#userX && y === this.#userY) return;
    const arc = ellipseOfArc(this.#userX, this.#userY, rx, ry, turnDeg, large, sweep, x, y);
    if (!arc) {
      this.lineTo(x, y);
      return;
    }
    const { a, b, c, d, e, f } = this.#m;
    const radiusMm = Math.max(arc.rx, arc.ry) * this.#stretch;
    const pieces = arcPieces(radiusMm, arc.sweepRad, this.#toleranceAt(radiusMm));
    const cosTurn = Math.cos(arc.turnRad);
    const sinTurn = Math.sin(arc.turnRad);
    for (let i = 1; i < pieces; i++) {
      const angle = arc.startRad + (arc.sweepRad * i) / pieces;
      const u = arc.rx * Math.cos(angle);
      const v = arc.ry * Math.sin(angle);
      const px = arc.cx + cosTurn * u - sinTurn * v;
      const py = arc.cy + sinTurn * u + cosTurn * v;
      this.#push(a * px + c * py + e, b * px + d * py + f);
    }
    this.lineTo(x, y);
  }

  close(): void {
    if (this.#length === 0) return;
    const { a, b, c, d, e, f } = this.#m;
    this.#userX = this.#startUserX;
    this.#userY = this.#startUserY;
    this.#x = a * this.#userX + c * this.#userY + e;
    this.#y = b * this.#userX + d * this.#userY + f;
    this.#hasSegment = true;
    this.#push(this.#buffer[0]!, this.#buffer[1]!);
    this.#finish(true);
  }

  /** Something drawn across kilometres needs no more points than its size in tolerances is worth. */
  #toleranceAt(sizeMm: number): number {
    return Math.max(this.#tolerance, sizeMm * 2e-7);
  }

  #goTo(x: number, y: number): void {
    const { a, b, c, d, e, f } = this.#m;
    this.#userX = x;
    this.#userY = y;
    this.#x = a * x + c * y + e;
    this.#y = b * x + d * y + f;
  }

  /** Pushes the points but the first of the cubic at the beginning of `#cubics`. */
  #split(tolerance: number): void {
    const cubics = this.#cubics;
    const depths = this.#depths;
    const tolerance2 = tolerance * tolerance;
    depths[0] = 0;
    for (let k = 0; k >= 0; ) {
      if (depths[k]! >= MAX_DEPTH || isFlat(cubics, 6 * k, tolerance2)) {
        this.#push(cubics[6 * k]!, cubics[6 * k + 1]!);
        k--;
      } else {
        halve(cubics, 6 * k);
        depths[k + 1] = ++depths[k]!;
        k++;
      }
    }
  }

  #push(x: number, y: number): void {
    const i = this.#length;
    const buffer = this.#buffer;
    // Points that fall together say nothing.
    if (i >= 2 && buffer[i - 2] === x && buffer[i - 1] === y) return;
    if (i + 2 > buffer.length) this.#grow();
    this.#buffer[i] = x;
    this.#buffer[i + 1] = y;
    this.#length = i + 2;
  }

  #grow(): void {
    if (this.#total + this.#length / 2 > MAX_POINTS) throw tooManyPoints();
    const larger = new Float64Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }

  #finish(closed: boolean): void {
    if (this.#length === 0) return;
    this.#total += this.#length / 2;
    if (this.#total > MAX_POINTS) throw tooManyPoints();
    if (this.#hasSegment) this.#emit({ points: this.#arena.copy(this.#buffer, this.#length), closed });
    this.#length = 0;
  }
}

function tooManyPoints(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the drawing has more than ${MAX_POINTS / 1e6} million points: split it into several files`,
    { maxPoints: MAX_POINTS },
  );
}

/** Pieces of an arc so that a chord leaves it by at most the tolerance: `r (1 - cos(step / 2))`. */
function arcPieces(radiusMm: number, sweepRad: number, tolerance: number): number {
  if (!(radiusMm > 0)) return 1;
  const step = 2 * Math.acos(Math.max(0, 1 - tolerance / radiusMm));
  return Math.max(1, Math.ceil(Math.abs(sweepRad) / Math.max(step, 1e-3)));
}
