import { createHash } from "node:crypto";
import type { MotionPlan } from "../../shared/plan.ts";
import type { SpeedLimits } from "../../shared/plot-settings.ts";
import {
  BLOCK_POINTS,
  footerCounts,
  MARK_BYTES,
  nameOfHash,
  PLAN_MAGIC,
  POINT_BYTES,
  STROKE_BYTES,
  writeFooter,
} from "./plan-layout.ts";
import { trapezoidS } from "./trapezoid.ts";

/** What a plan says beside its points; written last, since only then it is known. */
export type PlanHead = Pick<MotionPlan, "page" | "layers" | "penUp" | "totals" | "notes">;

/** A stroke as it is written: the points `from … to - 1`. */
export interface WrittenStroke {
  readonly points: Float64Array;
  readonly speeds: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly layer: number;
  /** Planned start of its travel. */
  readonly startS: number;
  readonly pen: SpeedLimits;
  /** Time and length of its draw move, where they are known already. */
  readonly drawS: number | undefined;
  readonly lengthMm: number | undefined;
}

/** Writes a plan stroke by stroke; of the points no more than one block is held. */
export class PlanWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #hash = createHash("sha256");
  readonly #strokes = new Records(STROKE_BYTES);
  readonly #marks = new Records(MARK_BYTES);
  readonly #points = new Float64Array(2 * BLOCK_POINTS);
  readonly #speeds = new Float64Array(BLOCK_POINTS);
  #filled = 0;
  #written = 0;
  #inkMm = 0;

  /** @param write takes bytes that are used again when it returns */
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
    this.#put(new TextEncoder().encode(PLAN_MAGIC));
  }

  stroke(stroke: WrittenStroke): void {
    const { points, speeds, from, to, layer, startS } = stroke;
    const first = this.#written + this.#filled;
    const { drawS, lengthMm } = this.#measure(stroke, first);
    this.#addStroke(startS, drawS, first, layer);
    this.#inkMm += lengthMm;
    for (let p = from; p < to; ) {
      const count = Math.min(BLOCK_POINTS - this.#filled, to - p);
      copy(points, 2 * p, this.#points, 2 * this.#filled, 2 * count);
      copy(speeds, p, this.#speeds, this.#filled, count);
      this.#filled += count;
      p += count;
      if (this.#filled === BLOCK_POINTS) this.#flush();
    }
  }

  /** @param homeStartS planned start of the travel home. @returns the plan's name */
  end(head: PlanHead, homeStartS: number): string {
    const count = this.#strokes.count;
    this.#flush();
    this.#addStroke(homeStartS, 0, this.#written, 0);
    this.#put(this.#strokes.bytes);
    this.#put(this.#marks.bytes);
    const header = headOf(head);
    this.#put(header);
    const counts = { points: this.#written, strokes: count, headerBytes: header.length };
    const hash = this.#hash.update(footerCounts(counts)).digest();
    this.#write(writeFooter(counts, hash));
    return nameOfHash(hash);
  }

  #addStroke(startS: number, drawS: number, first: number, layer: number): void {
    const at = this.#strokes.add();
    this.#strokes.reals[at] = startS;
    this.#strokes.reals[at + 1] = this.#inkMm;
    this.#strokes.reals[at + 2] = drawS;
    this.#strokes.integers[2 * at + 6] = first;
    this.#strokes.integers[2 * at + 7] = layer;
  }

  /** Time and length of a draw move, gone through only where they are not known; leaves a mark where a block begins. */
  #measure(stroke: WrittenStroke, first: number): { drawS: number; lengthMm: number } {
    const { points, speeds, from, to, pen, drawS, lengthMm } = stroke;
    let nextMark = from + ((BLOCK_POINTS - (first % BLOCK_POINTS)) % BLOCK_POINTS);
    if (nextMark >= to && drawS !== undefined && lengthMm !== undefined) return { drawS, lengthMm };
    let [mm, s] = [0, 0];
    for (let p = from; p < to; p++) {
      if (p === nextMark) {
        const at = this.#marks.add();
        this.#marks.reals[at] = mm;
        this.#marks.reals[at + 1] = s;
        nextMark += BLOCK_POINTS;
      }
      if (p + 1 === to) break;
      const dx = points[2 * p + 2]! - points[2 * p]!;
      const dy = points[2 * p + 3]! - points[2 * p + 1]!;
      const segmentMm = Math.sqrt(dx * dx + dy * dy);
      mm += segmentMm;
      s += trapezoidS(segmentMm, speeds[p]!, speeds[p + 1]!, pen.speedMmPerS, pen.accelMmPerS2);
    }
    return { drawS: s, lengthMm: mm };
  }

  #flush(): void {
    const count = this.#filled;
    if (count === 0) return;
    this.#put(new Uint8Array(this.#points.buffer, 0, (count * POINT_BYTES * 2) / 3));
    this.#put(new Uint8Array(this.#speeds.buffer, 0, (count * POINT_BYTES) / 3));
    this.#written += count;
    this.#filled = 0;
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#write(bytes);
  }
}

/** Writes a whole plan. @returns its name */
export function writePlan(plan: MotionPlan, write: (bytes: Uint8Array) => void): string {
  const { points, speeds, strokeStart, strokeLayer, strokeStartS, strokeMm, strokeDrawS, layers } = plan;
  const writer = new PlanWriter(write);
  for (let s = 0; s < strokeLayer.length; s++) {
    const layer = strokeLayer[s]!;
    const { pen } = layers[layer]!;
    const [from, to] = [strokeStart[s]!, strokeStart[s + 1]!];
    const [lengthMm, drawS] = [strokeMm?.[s], strokeDrawS?.[s]];
    writer.stroke({ points, speeds, from, to, layer, startS: strokeStartS[s]!, pen, lengthMm, drawS });
  }
  return writer.end(plan, strokeStartS[strokeLayer.length]!);
}

/** A short run is copied number by number: making views of both sides takes longer. */
function copy(source: Float64Array, from: number, target: Float64Array, to: number, count: number): void {
  if (count > 200) target.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}

/** The header as it is written. */
export function headOf({ page, layers, penUp, totals, notes }: PlanHead): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ page, layers, penUp, totals, notes }));
}

/** Records of one size, kept until all are known; in the byte order of the machine, which is little-endian wherever Node runs. */
class Records {
  count = 0;
  reals = new Float64Array(0);
  integers = new Uint32Array(0);
  readonly #reals: number;

  constructor(recordBytes: number) {
    this.#reals = recordBytes / 8;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.reals.buffer, 0, this.count * this.#reals * 8);
  }

  /** Room for one more. @returns its index in `reals`; twice that in `integers` */
  add(): number {
    const at = this.count++ * this.#reals;
    if (at + this.#reals > this.reals.length) {
      const larger = new Float64Array(Math.max(64 * this.#reals, 2 * this.reals.length));
      larger.set(this.reals);
      this.reals = larger;
      this.integers = new Uint32Array(larger.buffer);
    }
    return at;
  }
}
