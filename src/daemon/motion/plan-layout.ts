/**
 * A plan on disk, written from its beginning to its end and read in pieces:
 *
 *     magic | blocks of points | strokes | marks | header (JSON) | footer
 *
 * A block holds up to 1024 points: first their x, y, then their speeds, so that both are read as arrays where they lie.
 * Every part but the header is a multiple of 8 bytes long.
 */
export const PLAN_MAGIC = "plotty-plan 2\n\0\0";
export const PLAN_END = "plotty-plan end\n";
export const MAGIC_BYTES = 16;
export const BLOCK_POINTS = 1024;
/** x, y and speed. */
export const POINT_BYTES = 24;
/** Planned start s, ink before it mm, time of its draw move s, first point (u32), layer (u32); one more closes the last. */
export const STROKE_BYTES = 32;
/** For each block: mm and s from the beginning of the draw move that its first point belongs to. */
export const MARK_BYTES = 16;
/** Counts of points and strokes, length of the header, nothing (u32 each); SHA-256 of all before it; the end's magic. */
export const FOOTER_BYTES = 64;
export const HASH_AT = 16;
export const HASH_BYTES = 32;

export interface PlanCounts {
  readonly points: number;
  readonly strokes: number;
  readonly headerBytes: number;
}

/** Where each part of a plan begins. */
export interface PlanLayout extends PlanCounts {
  readonly blocks: number;
  readonly strokesAt: number;
  readonly marksAt: number;
  readonly headerAt: number;
  readonly footerAt: number;
  readonly bytes: number;
}

export function layOut(counts: PlanCounts): PlanLayout {
  const blocks = Math.ceil(counts.points / BLOCK_POINTS);
  const strokesAt = MAGIC_BYTES + counts.points * POINT_BYTES;
  const marksAt = strokesAt + (counts.strokes + 1) * STROKE_BYTES;
  const headerAt = marksAt + blocks * MARK_BYTES;
  const footerAt = headerAt + counts.headerBytes;
  return { ...counts, blocks, strokesAt, marksAt, headerAt, footerAt, bytes: footerAt + FOOTER_BYTES };
}

/** Of block `k`: where it begins and how many points it holds. */
export function blockAt({ points }: PlanCounts, k: number): { at: number; points: number } {
  const first = k * BLOCK_POINTS;
  return { at: MAGIC_BYTES + first * POINT_BYTES, points: Math.min(BLOCK_POINTS, points - first) };
}

export function writeFooter(counts: PlanCounts, hash: Uint8Array): Uint8Array {
  const footer = new Uint8Array(FOOTER_BYTES);
  footer.set(footerCounts(counts));
  footer.set(hash, HASH_AT);
  new TextEncoder().encodeInto(PLAN_END, footer.subarray(HASH_AT + HASH_BYTES));
  return footer;
}

/** The beginning of the footer, which the hash covers too. */
export function footerCounts({ points, strokes, headerBytes }: PlanCounts): Uint8Array {
  return new Uint8Array(Uint32Array.of(points, strokes, headerBytes, 0).buffer);
}

/** @returns undefined when these bytes are not the end of a plan */
export function readFooter(footer: Uint8Array): { layout: PlanLayout; hash: Uint8Array } | undefined {
  if (footer.length !== FOOTER_BYTES) return undefined;
  const end = new TextDecoder().decode(footer.subarray(HASH_AT + HASH_BYTES));
  if (end !== PLAN_END) return undefined;
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
  const [points, strokes, headerBytes] = [0, 4, 8].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const hash = footer.subarray(HASH_AT, HASH_AT + HASH_BYTES);
  return { layout: layOut({ points, strokes, headerBytes }), hash };
}

/** A plan's name: a position belongs to one plan only. */
export function nameOfHash(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex").slice(0, 32);
}
