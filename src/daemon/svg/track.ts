import type { Polyline } from "../../shared/geometry.ts";

/** A place on a track: which way it goes on is told as an angle. */
export interface TrackPlace {
  readonly x: number;
  readonly y: number;
  readonly angleRad: number;
}

/** A path that text follows, by length: its subpaths one behind the other, without what lies between them. */
export class Track {
  /** Of each piece: where it begins and ends. */
  readonly #pieces: Float64Array;
  /** Of each piece: how far it is along the track to its end. */
  readonly #ends: Float64Array;
  readonly length: number;

  constructor(polylines: readonly Polyline[]) {
    const count = polylines.reduce((sum, points) => sum + Math.max(0, points.length / 2 - 1), 0);
    this.#pieces = new Float64Array(4 * count);
    this.#ends = new Float64Array(count);
    let [at, length] = [0, 0];
    for (const points of polylines) {
      for (let i = 2; i < points.length; i += 2) {
        this.#pieces.set(points.subarray(i - 2, i + 2), 4 * at);
        length += Math.hypot(points[i]! - points[i - 2]!, points[i + 1]! - points[i - 1]!);
        this.#ends[at++] = length;
      }
    }
    this.length = length;
  }

  /** @returns undefined before its start and beyond its end */
  at(distance: number): TrackPlace | undefined {
    if (!(distance >= 0 && distance <= this.length) || this.#ends.length === 0) return undefined;
    const i = this.#pieceAt(distance);
    const from = i === 0 ? 0 : this.#ends[i - 1]!;
    const size = this.#ends[i]! - from;
    const share = size > 0 ? (distance - from) / size : 0;
    const [ax, ay, bx, by] = this.#pieces.subarray(4 * i, 4 * i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    return { x: ax + share * (bx - ax), y: ay + share * (by - ay), angleRad: Math.atan2(by - ay, bx - ax) };
  }

  /** The first piece that ends at or after a distance. */
  #pieceAt(distance: number): number {
    let [low, high] = [0, this.#ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! < distance) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
