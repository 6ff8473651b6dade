import type { MotionPlan } from "../../shared/plan.ts";
import { unreadablePlan } from "./unreadable-plan.ts";

/**
 * Plans of the first format, written whole: magic, length of the header, header (JSON), then the arrays, each starting at a
 * multiple of 8. Jobs that were planned so are still resumed.
 */
const MAGIC = "plotty-plan 1\n\0\0";
const ARRAYS = ["points", "speeds", "strokeStartS", "strokeStart", "strokeLayer"] as const;
type ArrayName = (typeof ARRAYS)[number];

const ITEM_BYTES: Readonly<Record<ArrayName, number>> = {
  points: 8,
  speeds: 8,
  strokeStartS: 8,
  strokeStart: 4,
  strokeLayer: 2,
};

interface Header extends Omit<MotionPlan, ArrayName> {
  readonly lengths: Readonly<Record<ArrayName, number>>;
}

export function isPlan1(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** Throws `plan.unreadable` when a part is missing. */
export function decodePlan1(bytes: Uint8Array): MotionPlan {
  const buffer = new Uint8Array(bytes).buffer;
  if (buffer.byteLength < MAGIC.length + 4) throw unreadablePlan("its end is missing");
  const headerLength = new DataView(buffer).getUint32(MAGIC.length, true);
  const headerEnd = MAGIC.length + 4 + headerLength;
  if (headerEnd > buffer.byteLength) throw unreadablePlan("its end is missing");
  const text = new TextDecoder().decode(new Uint8Array(buffer, MAGIC.length + 4, headerLength));
  const { lengths, ...rest } = JSON.parse(text) as Header;
  const { offsets, end } = layOut(lengths, headerEnd);
  if (end > buffer.byteLength) throw unreadablePlan("its end is missing");
  return {
    ...rest,
    points: new Float64Array(buffer, offsets.points, lengths.points),
    speeds: new Float64Array(buffer, offsets.speeds, lengths.speeds),
    strokeStartS: new Float64Array(buffer, offsets.strokeStartS, lengths.strokeStartS),
    strokeStart: new Uint32Array(buffer, offsets.strokeStart, lengths.strokeStart),
    strokeLayer: new Uint16Array(buffer, offsets.strokeLayer, lengths.strokeLayer),
  };
}

function layOut(lengths: Header["lengths"], headerEnd: number) {
  const offsets = {} as Record<ArrayName, number>;
  let end = align(headerEnd);
  for (const name of ARRAYS) {
    offsets[name] = end;
    end = align(end + lengths[name] * ITEM_BYTES[name]);
  }
  return { offsets, end };
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
