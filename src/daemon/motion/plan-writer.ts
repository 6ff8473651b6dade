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

/** Writes a plan stroke by stroke; of the points no more than one block is held. */
export class PlanWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #hash = createHash("sha256");
  readonly #strokes = new GrowingBytes(STROKE_BYTES);
  readonly #marks = new GrowingBytes(MARK_BYTES);
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

  /** @param startS planned start of its travel */
  stroke(points: Float64Array, speeds: Float64Array, layer: number, startS: number, pen: SpeedLimits): void {
    const first = this.#written + this.#filled;
    const { drawS, lengthMm } = this.#measure(points, speeds, first, pen);
    this.#strokes.add([startS, this.#inkMm, drawS], [first, layer]);
    this.#inkMm += lengthMm;
    for (let p = 0; p < speeds.length; ) {
      const count = Math.min(BLOCK_POINTS - this.#filled, speeds.length - p);
      this.#points.set(points.subarray(2 * p, 2 * (p + count)), 2 * this.#filled);
      this.#speeds.set(speeds.subarray(p, p + count), this.#filled);
      this.#filled += count;
      p += count;
      if (this.#filled === BLOCK_POINTS) this.#flush();
    }
  }

  /** @param homeStartS planned start of the travel home. @returns the plan's name */
  end(head: PlanHead, homeStartS: number): string {
    const count = this.#strokes.count;
    this.#flush();
    this.#strokes.add([homeStartS, this.#inkMm, 0], [this.#written, 0]);
    this.#put(this.#strokes.bytes);
    this.#put(this.#marks.bytes);
    const header = headOf(head);
    this.#put(header);
    const counts = { points: this.#written, strokes: count, headerBytes: header.length };
    const hash = this.#hash.update(footerCounts(counts)).digest();
    this.#write(writeFooter(counts, hash));
    return nameOfHash(hash);
  }

  /** Time and length of a draw move; leaves a mark where a block begins. */
  #measure(points: Float64Array, speeds: Float64Array, first: number, pen: SpeedLimits) {
    let [mm, s] = [0, 0];
    let nextMark = (BLOCK_POINTS - (first % BLOCK_POINTS)) % BLOCK_POINTS;
    for (let p = 0; p < speeds.length; p++) {
      if (p === nextMark) {
        this.#marks.add([mm, s], []);
        nextMark += BLOCK_POINTS;
      }
      if (p + 1 === speeds.length) break;
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
  const { points, speeds, strokeStart, strokeLayer, strokeStartS, layers } = plan;
  const writer = new PlanWriter(write);
  for (let s = 0; s < strokeLayer.length; s++) {
    const [from, to] = [strokeStart[s]!, strokeStart[s + 1]!];
    const layer = strokeLayer[s]!;
    const stroke = points.subarray(2 * from, 2 * to);
    writer.stroke(stroke, speeds.subarray(from, to), layer, strokeStartS[s]!, layers[layer]!.pen);
  }
  return writer.end(plan, strokeStartS[strokeLayer.length]!);
}

/** The header as it is written. */
export function headOf({ page, layers, penUp, totals, notes }: PlanHead): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ page, layers, penUp, totals, notes }));
}

/** Records of one size, kept until all are known. */
class GrowingBytes {
  count = 0;
  readonly #size: number;
  #view = new DataView(new ArrayBuffer(0));

  constructor(recordBytes: number) {
    this.#size = recordBytes;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.count * this.#size);
  }

  add(reals: readonly number[], integers: readonly number[]): void {
    let at = this.count * this.#size;
    if (at + this.#size > this.#view.byteLength) this.#grow();
    for (const real of reals) {
      this.#view.setFloat64(at, real, true);
      at += 8;
    }
    for (const integer of integers) {
      this.#view.setUint32(at, integer, true);
      at += 4;
    }
    this.count++;
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(64 * this.#size, 2 * this.#view.byteLength));
    larger.set(this.bytes);
    this.#view = new DataView(larger.buffer);
  }
}
