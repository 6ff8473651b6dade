import type { Point } from "../../shared/geometry.ts";
import { isSoft } from "../s-curve.ts";
import { join, split, stairs } from "./block-pieces.ts";
import type { PathProfile } from "./path-profile.ts";
import { softBlocks, softStop } from "./soft-blocks.ts";
import { type Block, trapezoid } from "./trapezoid.ts";

/** How a path is passed somewhere. */
export interface Passage {
  /** Where, along the path, mm. */
  readonly endMm: number;
  readonly endMmPerS: number;
  /** The planned acceleration there; 0 where it is missing. */
  readonly endMmPerS2?: number;
}

/** One command's worth of motion: straight, at constant acceleration or jerk, from where the last one ended. */
export interface PathSlice extends Passage {
  readonly to: Point;
  readonly durationS: number;
  readonly startMmPerS: number;
  /** Then the length is the mean of the speeds times the duration, less jerk × duration³/12. */
  readonly jerkMmPerS3?: number;
}

/** A board cannot take commands faster than about one in 4 ms; long ones could not be paused. */
export interface SliceLimits {
  readonly minS: number;
  readonly maxS: number;
  /** Whether the board can change the acceleration within a slice; else an S-curve is made of even ones. */
  readonly bends?: boolean;
}

export const SLICE_LIMITS: SliceLimits = { minS: 0.006, maxS: 0.05 };

/** Nearer to the end of a path than this is at its end. */
const SAME_PLACE_MM = 1e-6;

/** The motion over a whole path as slices. Segments too short for a command of their own share one. */
export function* slicePath(path: PathProfile, limits = SLICE_LIMITS): Generator<PathSlice> {
  const blocks = isSoft(path.limits)
    ? soft(softBlocks(path.lengthMm, path.limits), limits)
    : pathBlocks(path);
  yield* slice(path, blocks, 0, limits);
}

/**
 * The shortest way to a stop along the path: constant deceleration, or that of an S-curve where the path is one. It ends at
 * rest no later than the path itself does.
 *
 * @param from the last slice sent
 */
export function* brakeAlong(path: PathProfile, from: Passage, limits = SLICE_LIMITS): Generator<PathSlice> {
  const { endMm: fromMm, endMmPerS: speedMmPerS, endMmPerS2: accelMmPerS2 = 0 } = from;
  if (speedMmPerS <= 0) return;
  if (isSoft(path.limits)) {
    yield* slice(path, soft(softStop(speedMmPerS, accelMmPerS2, path.limits), limits), fromMm, limits);
    return;
  }
  const accel = path.limits.accelMmPerS2;
  const lengthMm = Math.min(speedMmPerS ** 2 / (2 * accel), path.lengthMm - fromMm);
  if (lengthMm <= 1e-9) return;
  yield* slice(path, brakeBlocks(path, fromMm, fromMm + lengthMm, speedMmPerS), fromMm, limits);
}

/** A block, and whether the path turns where it ends. */
interface PathBlock extends Block {
  readonly endsSegment: boolean;
}

function* pathBlocks(path: PathProfile): Generator<PathBlock> {
  const { atMm, speeds, limits } = path;
  for (let i = 0; i + 1 < atMm.length; i++) {
    const lengthMm = atMm[i + 1]! - atMm[i]!;
    yield* ofOneSegment(
      trapezoid(lengthMm, speeds[i]!, speeds[i + 1]!, limits.speedMmPerS, limits.accelMmPerS2),
    );
  }
}

/** An S-curve as the board can do it. */
function soft(blocks: readonly Block[], { bends, maxS }: SliceLimits): Iterable<PathBlock> {
  return ofOneSegment(bends ? blocks : blocks.flatMap((block) => [...stairs(block, maxS)]));
}

function* ofOneSegment(blocks: readonly Block[]): Generator<PathBlock> {
  for (const [b, block] of blocks.entries()) yield { ...block, endsSegment: b === blocks.length - 1 };
}

/** One block for each piece of the path between two of its points: a slice should not cut a corner it can follow. */
function* brakeBlocks(
  path: PathProfile,
  fromMm: number,
  toMm: number,
  speedMmPerS: number,
): Generator<PathBlock> {
  const lengthMm = toMm - fromMm;
  const decel = speedMmPerS ** 2 / (2 * lengthMm);
  let i = path.segmentAt(fromMm);
  let doneMm = 0;
  let startMmPerS = speedMmPerS;
  while (doneMm < lengthMm - 1e-9) {
    const segmentEndMm = Math.min(toMm, path.atMm[i + 1] ?? toMm) - fromMm;
    const blockMm = segmentEndMm - doneMm;
    i++;
    if (blockMm <= 1e-9) continue;
    const endMmPerS = Math.sqrt(Math.max(0, startMmPerS ** 2 - 2 * decel * blockMm));
    const durationS = (2 * blockMm) / (startMmPerS + endMmPerS);
    yield { lengthMm: blockMm, durationS, startMmPerS, endMmPerS, endsSegment: true };
    doneMm = segmentEndMm;
    startMmPerS = endMmPerS;
  }
}

function* slice(
  path: PathProfile,
  blocks: Iterable<PathBlock>,
  fromMm: number,
  limits: SliceLimits,
): Generator<PathSlice> {
  let mm = fromMm;
  let at = path.pointAt(fromMm);
  for (const piece of gather(blocks, limits)) {
    mm += piece.lengthMm;
    if (mm > path.lengthMm - SAME_PLACE_MM) mm = path.lengthMm;
    const to = path.pointAt(mm);
    yield { ...straighten(piece, at, to), to, endMm: mm, endMmPerS2: piece.accels?.[1] };
    at = to;
  }
}

/**
 * Pieces long enough for a command each. What is left of a segment is added to the piece before it rather than taken round
 * the corner; segments shorter than a command share one, which goes no further than it must.
 */
function* gather(blocks: Iterable<PathBlock>, limits: SliceLimits): Generator<Block> {
  let gathered: Block | null = null;
  /** Whether `gathered` began in a segment before this one. */
  let isRound = false;
  /** Ready, but what is left of its segment may still be added. */
  let held: Block | null = null;
  let beforeS = 0;
  for (const block of blocks) {
    let rest: Block | null = block;
    while (rest) {
      const [piece, left]: [Block, Block | null] = split(
        rest,
        pieceS(gathered?.durationS ?? 0, rest.durationS, limits),
      );
      gathered = gathered ? join(gathered, piece) : piece;
      rest = left;
      if (gathered.durationS < limits.minS - 1e-9) continue;
      if (held) yield held;
      if (isRound) yield gathered;
      beforeS = gathered.durationS;
      held = isRound ? null : gathered;
      [gathered, isRound] = [null, false];
    }
    if (!block.endsSegment) continue;
    if (held) {
      yield gathered ? join(held, gathered) : held;
      [held, gathered] = [null, null];
    } else if (gathered && gathered.durationS >= limits.minS / 2 && beforeS >= 1.5 * limits.minS) {
      yield gathered;
      beforeS = gathered.durationS;
      gathered = null;
    }
    isRound = gathered !== null;
  }
  if (held) yield held;
  if (gathered) yield gathered;
}

/** How much of a block of `restS` goes into the slice that has `gatheredS` already. */
function pieceS(gatheredS: number, restS: number, { minS, maxS }: SliceLimits): number {
  if (gatheredS > 0) return Math.min(restS, minS - gatheredS);
  return restS / Math.ceil(restS / maxS);
}

/** The chord instead of the path: speeds shift so that their mean still covers its length in the planned time. */
function straighten(piece: Block, from: Point, to: Point) {
  const { durationS, jerkMmPerS3 = 0 } = piece;
  const chordMm = Math.hypot(to.x - from.x, to.y - from.y);
  const mean = chordMm / durationS + (jerkMmPerS3 * durationS ** 2) / 12;
  const half = (piece.endMmPerS - piece.startMmPerS) / 2;
  const change = Math.max(-mean, Math.min(mean, half));
  return { durationS, startMmPerS: mean - change, endMmPerS: mean + change, jerkMmPerS3 };
}
