import { createHash } from "node:crypto";
import type { PlannedLayer } from "../../shared/plan.ts";
import { decodePlan, encodePlan, readHead } from "../motion/plan-codec.ts";
import { isPlan1 } from "../motion/plan-codec-1.ts";
import {
  blockAt,
  FOOTER_BYTES,
  HASH_AT,
  MAGIC_BYTES,
  MARK_BYTES,
  PLAN_MAGIC,
  type PlanLayout,
  readFooter,
  STROKE_BYTES,
} from "../motion/plan-layout.ts";
import type { PlanHead } from "../motion/plan-writer.ts";
import { unreadablePlan } from "../motion/unreadable-plan.ts";
import { bytesInMemory, openBytes, type PlanBytes, readBytes } from "./plan-bytes.ts";
import { RecentPieces } from "./recent-pieces.ts";

/** One stroke of a plan, without its points. */
export interface PlannedStroke {
  readonly index: number;
  readonly layerIndex: number;
  readonly layer: PlannedLayer;
  readonly firstPoint: number;
  readonly pointCount: number;
  /** Planned start of its travel, and of the next one's, s from the start of the job. */
  readonly startS: number;
  readonly endS: number;
  /** Of its draw move. */
  readonly drawS: number;
  readonly lengthMm: number;
  /** Of all strokes before it. */
  readonly inkBeforeMm: number;
}

/** Up to 1024 points in a row. */
export interface PointBlock {
  readonly points: Float64Array;
  readonly speeds: Float64Array;
}

const CHECKED_AT_ONCE = 256 * 1024;
const STROKES_AT_ONCE = 256;
const BLOCKS_KEPT = 6;
const STROKE_PAGES_KEPT = 3;

/**
 * Opens a plan of any plotty. Throws `plan.unreadable` when it is none, only a part of one, or not what was written.
 *
 * @param isChecked false: its content is believed, for those who read little of it
 */
export async function openPlan(path: string, isChecked = true): Promise<PlanFile> {
  const bytes = await openBytes(path);
  try {
    const first = await readBytes(bytes, 0, Math.min(MAGIC_BYTES, bytes.length));
    if (isPlan1(first)) return await openPlanBytes(await reencoded(bytes));
    return await PlanFile.open(bytes, isChecked);
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/** A plan that is in memory already. */
export function openPlanBytes(bytes: Uint8Array): Promise<PlanFile> {
  return PlanFile.open(bytesInMemory(bytes), false);
}

/** Plans of the first format were written to be read whole. */
async function reencoded(bytes: PlanBytes): Promise<Uint8Array> {
  const plan = decodePlan(await readBytes(bytes, 0, bytes.length));
  await bytes.close();
  return encodePlan(plan);
}

/** A plan of which only what is being drawn is in memory: some blocks of points and a stretch of the list of strokes. */
export class PlanFile {
  readonly head: PlanHead;
  readonly layout: PlanLayout;
  readonly #bytes: PlanBytes;
  readonly #marks: Float64Array;
  readonly #blocks = new RecentPieces<PointBlock>(BLOCKS_KEPT, (k) => this.#readBlock(k));
  readonly #pages = new RecentPieces<DataView>(STROKE_PAGES_KEPT, (k) => this.#readPage(k));

  private constructor(bytes: PlanBytes, layout: PlanLayout, head: PlanHead, marks: Float64Array) {
    this.#bytes = bytes;
    this.layout = layout;
    this.head = head;
    this.#marks = marks;
  }

  static async open(bytes: PlanBytes, isChecked: boolean): Promise<PlanFile> {
    const magic = new TextDecoder().decode(await readBytes(bytes, 0, Math.min(MAGIC_BYTES, bytes.length)));
    if (magic !== PLAN_MAGIC) throw unreadablePlan("it does not begin like one");
    if (bytes.length < MAGIC_BYTES + FOOTER_BYTES) throw unreadablePlan("its end is missing");
    const footer = readFooter(await readBytes(bytes, bytes.length - FOOTER_BYTES, FOOTER_BYTES));
    if (footer?.layout.bytes !== bytes.length) throw unreadablePlan("its end is missing");
    const { layout, hash } = footer;
    if (isChecked) await check(bytes, layout, hash);
    const head = readHead(await readBytes(bytes, layout.headerAt, layout.headerBytes));
    const marks = await readBytes(bytes, layout.marksAt, layout.blocks * MARK_BYTES);
    return new PlanFile(bytes, layout, head, new Float64Array(marks.buffer));
  }

  get strokeCount(): number {
    return this.layout.strokes;
  }

  async stroke(index: number): Promise<PlannedStroke> {
    const [own, next] = [await this.#record(index), await this.#record(index + 1)];
    return {
      index,
      layerIndex: own.layer,
      layer: this.head.layers[own.layer]!,
      firstPoint: own.firstPoint,
      pointCount: next.firstPoint - own.firstPoint,
      startS: own.startS,
      endS: next.startS,
      drawS: own.drawS,
      lengthMm: next.inkMm - own.inkMm,
      inkBeforeMm: own.inkMm,
    };
  }

  /** The one after it is fetched meanwhile: whoever draws will ask for it. */
  block(k: number): Promise<PointBlock> {
    if (k + 1 < this.layout.blocks) this.#blocks.fetch(k + 1);
    return this.#blocks.get(k);
  }

  /** mm and s from the beginning of the draw move in which block `k` begins. */
  mark(k: number): { mm: number; s: number } {
    return { mm: this.#marks[2 * k]!, s: this.#marks[2 * k + 1]! };
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  async #record(index: number) {
    const page = await this.#pages.get(Math.floor(index / STROKES_AT_ONCE));
    const at = (index % STROKES_AT_ONCE) * STROKE_BYTES;
    const real = (offset: number) => page.getFloat64(at + offset, true);
    const integer = (offset: number) => page.getUint32(at + offset, true);
    return {
      ...{ startS: real(0), inkMm: real(8), drawS: real(16) },
      ...{ firstPoint: integer(24), layer: integer(28) },
    };
  }

  async #readPage(page: number): Promise<DataView> {
    const first = page * STROKES_AT_ONCE;
    const count = Math.min(STROKES_AT_ONCE, this.layout.strokes + 1 - first);
    const bytes = await readBytes(
      this.#bytes,
      this.layout.strokesAt + first * STROKE_BYTES,
      count * STROKE_BYTES,
    );
    return new DataView(bytes.buffer);
  }

  async #readBlock(k: number): Promise<PointBlock> {
    const { at, points } = blockAt(this.layout, k);
    const { buffer } = await readBytes(this.#bytes, at, 24 * points);
    return {
      points: new Float64Array(buffer, 0, 2 * points),
      speeds: new Float64Array(buffer, 16 * points, points),
    };
  }
}

async function check(bytes: PlanBytes, { footerAt }: PlanLayout, wanted: Uint8Array): Promise<void> {
  const hash = createHash("sha256");
  const end = footerAt + HASH_AT;
  const buffer = new Uint8Array(CHECKED_AT_ONCE);
  for (let at = 0; at < end; at += CHECKED_AT_ONCE) {
    const some = buffer.subarray(0, Math.min(CHECKED_AT_ONCE, end - at));
    await bytes.readInto(some, at);
    hash.update(some);
  }
  if (!hash.digest().equals(wanted)) throw unreadablePlan("it was changed or written only in part");
}
