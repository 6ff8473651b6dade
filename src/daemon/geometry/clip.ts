import type { Bounds, Polyline } from "../../shared/geometry.ts";

/** Ink this close outside is rounding, not a stroke that reaches beyond. */
const ROUNDING_MM = 1e-6;

export interface Clipped {
  /** What lies inside, in order along the stroke; empty when nothing does. */
  readonly pieces: readonly Polyline[];
  readonly wasCut: boolean;
}

/**
 * The parts of a polyline inside a box (Liang-Barsky, segment by segment). A closed polyline that begins inside stays in one
 * piece across its seam. No point of a piece is outside the box.
 */
export function clipToBox(points: Polyline, box: Bounds): Clipped {
  if (clampIfInside(points, box)) return { pieces: [points], wasCut: false };
  const pieces: number[][] = [];
  let piece: number[] | undefined;
  for (let i = 2; i < points.length; i += 2) {
    const span = clipSegment(points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!, box);
    if (!span) {
      piece = undefined;
      continue;
    }
    const [fromX, fromY, toX, toY, entersHere, leavesHere] = span;
    if (!piece || entersHere) {
      piece = [fromX, fromY];
      pieces.push(piece);
    }
    piece.push(toX, toY);
    if (leavesHere) piece = undefined;
  }
  joinAcrossSeam(pieces, points);
  return { pieces: pieces.filter(hasLength).map((numbers) => Float64Array.from(numbers)), wasCut: true };
}

/** Whether a polyline is in the box; what is outside by rounding only is put on the edge, in place. */
export function clampIfInside(points: Polyline, box: Bounds): boolean {
  if (!isInside(points, box)) return false;
  clamp(points, box);
  return true;
}

/** Whether all points are in the box, but for rounding. @param points x and y in turn */
export function isInside(points: ArrayLike<number>, { minX, minY, maxX, maxY }: Bounds): boolean {
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    // Written so that NaN is outside.
    if (!(x >= minX - ROUNDING_MM && x <= maxX + ROUNDING_MM)) return false;
    if (!(y >= minY - ROUNDING_MM && y <= maxY + ROUNDING_MM)) return false;
  }
  return true;
}

function clamp(points: Polyline, { minX, minY, maxX, maxY }: Bounds): void {
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    if (x < minX || x > maxX) points[i] = x < minX ? minX : maxX;
    if (y < minY || y > maxY) points[i + 1] = y < minY ? minY : maxY;
  }
}

type Span = [
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  entersHere: boolean,
  leavesHere: boolean,
];

function clipSegment(x0: number, y0: number, x1: number, y1: number, box: Bounds): Span | undefined {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let enter = 0;
  let leave = 1;
  for (const [toward, room] of [
    [-dx, x0 - box.minX],
    [dx, box.maxX - x0],
    [-dy, y0 - box.minY],
    [dy, box.maxY - y0],
  ] as const) {
    if (toward === 0) {
      if (room < 0) return undefined;
    } else if (toward < 0) enter = Math.max(enter, room / toward);
    else leave = Math.min(leave, room / toward);
  }
  if (!(enter <= leave)) return undefined;
  const x = (t: number): number =>
    Math.min(box.maxX, Math.max(box.minX, t === 0 ? x0 : t === 1 ? x1 : x0 + t * dx));
  const y = (t: number): number =>
    Math.min(box.maxY, Math.max(box.minY, t === 0 ? y0 : t === 1 ? y1 : y0 + t * dy));
  return [x(enter), y(enter), x(leave), y(leave), enter > 0, leave < 1];
}

function joinAcrossSeam(pieces: number[][], points: Polyline): void {
  const last = points.length - 2;
  const isClosed = points[0] === points[last] && points[1] === points[last + 1];
  if (!isClosed || pieces.length < 2) return;
  const [head, tail] = [pieces[0]!, pieces[pieces.length - 1]!];
  const beginsAtSeam = head[0] === points[0] && head[1] === points[1];
  const endsAtSeam = tail[tail.length - 2] === points[0] && tail[tail.length - 1] === points[1];
  if (!beginsAtSeam || !endsAtSeam) return;
  pieces.shift();
  for (let i = 2; i < head.length; i++) tail.push(head[i]!);
}

/** A corner that only touches the box leaves a piece without length. */
function hasLength(numbers: readonly number[]): boolean {
  return numbers.some((value, i) => value !== numbers[i & 1]);
}
