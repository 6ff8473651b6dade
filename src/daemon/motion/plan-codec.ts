import { createHash } from "node:crypto";
import { PlottyError } from "../../shared/errors.ts";
import type { MotionPlan } from "../../shared/plan.ts";

/**
 * A plan as one block of bytes: magic, length of the header, header (JSON), then the arrays, each starting at a multiple of 8.
 * Arrays are views on the block when it is read, so a plan costs no more memory than its file.
 */
const MAGIC = "plotty-plan 1\n\0\0";
const ARRAYS = ["points", "speeds", "strokeStartS", "strokeStart", "strokeLayer"] as const;
type ArrayName = (typeof ARRAYS)[number];

interface Header extends Omit<MotionPlan, ArrayName> {
  readonly lengths: Readonly<Record<ArrayName, number>>;
}

export function encodePlan(plan: MotionPlan): Uint8Array {
  const { points, speeds, strokeStartS, strokeStart, strokeLayer, ...rest } = plan;
  const arrays = { points, speeds, strokeStartS, strokeStart, strokeLayer };
  const lengths = Object.fromEntries(ARRAYS.map((name) => [name, arrays[name].length]));
  const header = new TextEncoder().encode(JSON.stringify({ ...rest, lengths }));
  const layout = layOut(lengths as Header["lengths"], header.length);
  const bytes = new Uint8Array(layout.end);
  new TextEncoder().encodeInto(MAGIC, bytes);
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, MAGIC.length + 4);
  for (const name of ARRAYS) {
    const array = arrays[name];
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), layout.offsets[name]);
  }
  return bytes;
}

/** Throws `plan.unreadable` when the bytes are no plan or only a part of one. */
export function decodePlan(bytes: Uint8Array): MotionPlan {
  const buffer = alignedBuffer(bytes);
  const all = new Uint8Array(buffer);
  const magic = new TextDecoder().decode(all.subarray(0, MAGIC.length));
  if (magic !== MAGIC || buffer.byteLength < MAGIC.length + 4) throw unreadable("it does not begin like one");
  const headerLength = new DataView(buffer).getUint32(MAGIC.length, true);
  const headerEnd = MAGIC.length + 4 + headerLength;
  if (headerEnd > buffer.byteLength) throw unreadable("its end is missing");
  const text = new TextDecoder().decode(all.subarray(MAGIC.length + 4, headerEnd));
  const { lengths, ...rest } = JSON.parse(text) as Header;
  const { offsets, end } = layOut(lengths, headerLength);
  if (end > buffer.byteLength) throw unreadable("its end is missing");
  return {
    ...rest,
    points: new Float64Array(buffer, offsets.points, lengths.points),
    speeds: new Float64Array(buffer, offsets.speeds, lengths.speeds),
    strokeStartS: new Float64Array(buffer, offsets.strokeStartS, lengths.strokeStartS),
    strokeStart: new Uint32Array(buffer, offsets.strokeStart, lengths.strokeStart),
    strokeLayer: new Uint16Array(buffer, offsets.strokeLayer, lengths.strokeLayer),
  };
}

/** Names a plan by its content: a position belongs to one plan only. */
export function planHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

const ITEM_BYTES: Readonly<Record<ArrayName, number>> = {
  points: 8,
  speeds: 8,
  strokeStartS: 8,
  strokeStart: 4,
  strokeLayer: 2,
};

function layOut(lengths: Header["lengths"], headerLength: number) {
  const offsets = {} as Record<ArrayName, number>;
  let end = align(MAGIC.length + 4 + headerLength);
  for (const name of ARRAYS) {
    offsets[name] = end;
    end = align(end + lengths[name] * ITEM_BYTES[name]);
  }
  return { offsets, end };
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** Arrays can only be views on bytes that start at a multiple of 8; what Node reads from a small file need not. */
function alignedBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  return isWhole && buffer instanceof ArrayBuffer ? buffer : new Uint8Array(bytes).buffer;
}

function unreadable(why: string): PlottyError {
  return new PlottyError(
    "plan.unreadable",
    `this is not a whole plotty plan: ${why}; plan the drawing again`,
  );
}
