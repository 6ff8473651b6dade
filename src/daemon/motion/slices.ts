import type { Point } from "../../shared/geometry.ts";
import type { PathProfile } from "./path-profile.ts";
import { type Block, trapezoid } from "./trapezoid.ts";

/** One command's worth of motion: straight, at constant acceleration, from where the last one ended. */
export interface PathSlice {
  readonly to: Point;
  /** Where it ends along the path, mm. */
  readonly endMm: number;
  readonly durationS: number;
  readonly startMmPerS: number;
  readonly endMmPerS: number;
}

/** A board cannot take commands faster than about one in 4 ms; long ones could not be paused. */
export interface SliceLimits {
  readonly minS: number;
  readonly maxS: number;
}

export const SLICE_LIMITS: SliceLimits = { minS: 0.006, maxS: 0.05 };

/** The motion over a whole path as slices. Segments too short for a command of their own share one. */
export function* slicePath(path: PathProfile, limits = SLICE_LIMITS): Generator<PathSlice> {
  yield* slice(path, pathBlocks(path), 0, limits);
}

/**
 * The shortest way to a stop along the path: constant deceleration from `speedMmPerS` at `fromMm`, ending at rest no later
 * than the path itself does.
 */
export function* brakeAlong(
  path: PathProfile,
  fromMm: number,
  speedMmPerS: number,
  limits = SLICE_LIMITS,
): Generator<PathSlice> {
  if (speedMmPerS <= 0) return;
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
    const blocks = trapezoid(lengthMm, speeds[i]!, speeds[i + 1]!, limits.speedMmPerS, limits.accelMmPerS2);
    for (const [b, block] of blocks.entries()) yield { ...block, endsSegment: b === blocks.length - 1 };
  }
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
    const to = path.pointAt(mm);
    yield straighten(piece, at, to, mm);
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

function split(block: Block, takeS: number): [Block, Block | null] {
  if (takeS >= block.durationS - 1e-9) return [block, null];
  const { startMmPerS, endMmPerS, durationS, lengthMm } = block;
  const middle = startMmPerS + ((endMmPerS - startMmPerS) * takeS) / durationS;
  const takenMm = ((startMmPerS + middle) / 2) * takeS;
  return [
    { lengthMm: takenMm, durationS: takeS, startMmPerS, endMmPerS: middle },
    { lengthMm: lengthMm - takenMm, durationS: durationS - takeS, startMmPerS: middle, endMmPerS },
  ];
}

function join(a: Block, b: Block): Block {
  return {
    lengthMm: a.lengthMm + b.lengthMm,
    durationS: a.durationS + b.durationS,
    startMmPerS: a.startMmPerS,
    endMmPerS: b.endMmPerS,
  };
}

/** The chord instead of the path: speeds shift so that their mean still covers its length in the planned time. */
function straighten(piece: Block, from: Point, to: Point, endMm: number): PathSlice {
  const chordMm = Math.hypot(to.x - from.x, to.y - from.y);
  const mean = chordMm / piece.durationS;
  const half = (piece.endMmPerS - piece.startMmPerS) / 2;
  const change = Math.max(-mean, Math.min(mean, half));
  return { to, endMm, durationS: piece.durationS, startMmPerS: mean - change, endMmPerS: mean + change };
}
