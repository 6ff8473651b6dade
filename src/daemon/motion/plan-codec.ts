import { createHash } from "node:crypto";
import type { MotionPlan } from "../../shared/plan.ts";
import { decodePlan1, isPlan1 } from "./plan-codec-1.ts";
import {
  BLOCK_POINTS,
  blockAt,
  FOOTER_BYTES,
  HASH_AT,
  layOut,
  MAGIC_BYTES,
  nameOfHash,
  PLAN_MAGIC,
  type PlanLayout,
  readFooter,
  STROKE_BYTES,
} from "./plan-layout.ts";
import { headOf, type PlanHead, writePlan } from "./plan-writer.ts";
import { unreadablePlan } from "./unreadable-plan.ts";

/** A whole plan as bytes, as it stands in its file. */
export function encodePlan(plan: MotionPlan): Uint8Array {
  const headerBytes = headOf(plan).length;
  const bytes = new Uint8Array(
    layOut({ points: plan.speeds.length, strokes: plan.strokeLayer.length, headerBytes }).bytes,
  );
  let at = 0;
  writePlan(plan, (part) => {
    bytes.set(part, at);
    at += part.length;
  });
  return bytes;
}

/** Throws `plan.unreadable` when the bytes are no plan, only a part of one, or not what was written. */
export function decodePlan(bytes: Uint8Array): MotionPlan {
  if (isPlan1(bytes)) return decodePlan1(bytes);
  const { layout } = checkedFooter(bytes);
  const { points, speeds } = readPoints(bytes, layout);
  return {
    ...readHead(bytes.subarray(layout.headerAt, layout.footerAt)),
    points,
    speeds,
    ...readStrokes(bytes, layout),
  };
}

/** Names a plan by its content: a position belongs to one plan only. */
export function planHash(bytes: Uint8Array): string {
  const footer = readFooter(bytes.subarray(-FOOTER_BYTES));
  return nameOfHash(footer?.hash ?? createHash("sha256").update(bytes).digest());
}

export function readHead(bytes: Uint8Array): PlanHead {
  return JSON.parse(new TextDecoder().decode(bytes)) as PlanHead;
}

function checkedFooter(bytes: Uint8Array): { layout: PlanLayout } {
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC_BYTES));
  if (magic !== PLAN_MAGIC) throw unreadablePlan("it does not begin like one");
  const footer = readFooter(bytes.subarray(-FOOTER_BYTES));
  if (footer?.layout.bytes !== bytes.length) throw unreadablePlan("its end is missing");
  const hashed = bytes.subarray(0, footer.layout.footerAt + HASH_AT);
  const isSame = createHash("sha256").update(hashed).digest().equals(footer.hash);
  if (!isSame) throw unreadablePlan("it was changed or written only in part");
  return footer;
}

function readPoints(bytes: Uint8Array, layout: PlanLayout) {
  const points = new Float64Array(2 * layout.points);
  const speeds = new Float64Array(layout.points);
  for (let k = 0; k < layout.blocks; k++) {
    const block = blockAt(layout, k);
    const numbers = floatsAt(bytes, block.at, 3 * block.points);
    points.set(numbers.subarray(0, 2 * block.points), 2 * k * BLOCK_POINTS);
    speeds.set(numbers.subarray(2 * block.points), k * BLOCK_POINTS);
  }
  return { points, speeds };
}

function readStrokes(bytes: Uint8Array, { strokes, strokesAt }: PlanLayout) {
  const strokeStartS = new Float64Array(strokes + 1);
  const strokeStart = new Uint32Array(strokes + 1);
  const strokeLayer = new Uint16Array(strokes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + strokesAt);
  for (let s = 0; s <= strokes; s++) {
    strokeStartS[s] = view.getFloat64(s * STROKE_BYTES, true);
    strokeStart[s] = view.getUint32(s * STROKE_BYTES + 24, true);
    if (s < strokes) strokeLayer[s] = view.getUint32(s * STROKE_BYTES + 28, true);
  }
  return { strokeStartS, strokeStart, strokeLayer };
}

/** Numbers can be read where they lie only at multiples of 8: elsewhere they are copied. */
function floatsAt(bytes: Uint8Array, at: number, count: number): Float64Array {
  const offset = bytes.byteOffset + at;
  if (offset % 8 === 0) return new Float64Array(bytes.buffer, offset, count);
  return new Float64Array(new Uint8Array(bytes.subarray(at, at + 8 * count)).buffer);
}
