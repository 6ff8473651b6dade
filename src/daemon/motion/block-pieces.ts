import type { Block } from "./trapezoid.ts";

/** A block cut after `takeS`; whole where nothing would be left. */
export function split(block: Block, takeS: number): [Block, Block | null] {
  if (takeS >= block.durationS - 1e-9) return [block, null];
  const { startMmPerS, endMmPerS, durationS, lengthMm, jerkMmPerS3 = 0, accels } = block;
  const share = takeS / durationS;
  const bend = (jerkMmPerS3 * takeS * (durationS - takeS)) / 2;
  const middle = Math.max(0, startMmPerS + (endMmPerS - startMmPerS) * share - bend);
  const takenMm = ((startMmPerS + middle) / 2) * takeS - (jerkMmPerS3 * takeS ** 3) / 12;
  const accel = accels && accels[0] + (accels[1] - accels[0]) * share;
  return [
    {
      ...block,
      ...{ lengthMm: takenMm, durationS: takeS, endMmPerS: middle },
      ...between(accels?.[0], accel),
    },
    {
      ...{ ...block, lengthMm: lengthMm - takenMm, durationS: durationS - takeS, startMmPerS: middle },
      ...between(accel, accels?.[1]),
    },
  ];
}

/** Two that follow each other as one, with their speeds at both ends and their length; where they have jerks, it gets its own. */
export function join(a: Block, b: Block): Block {
  const lengthMm = a.lengthMm + b.lengthMm;
  const durationS = a.durationS + b.durationS;
  const { startMmPerS } = a;
  const { endMmPerS } = b;
  const whole = { lengthMm, durationS, startMmPerS, endMmPerS, ...between(a.accels?.[0], b.accels?.[1]) };
  if (a.jerkMmPerS3 === undefined) return whole;
  const evenMm = ((startMmPerS + endMmPerS) / 2) * durationS;
  return { ...whole, jerkMmPerS3: (12 * (evenMm - lengthMm)) / durationS ** 3 };
}

/**
 * For boards that cannot change the acceleration within a slice: a block as even ones of at most `maxS`. They are longer than it
 * where the acceleration rises, and by as much shorter where it falls again, so a whole ramp keeps its length.
 */
export function* stairs(block: Block, maxS: number): Generator<Block> {
  const stepS = block.durationS / Math.ceil(block.durationS / maxS);
  for (let rest: Block | null = block; rest; ) {
    const [step, left]: [Block, Block | null] = split(rest, stepS);
    const { jerkMmPerS3: _, ...even } = step;
    yield { ...even, lengthMm: ((step.startMmPerS + step.endMmPerS) / 2) * step.durationS };
    rest = left;
  }
}

function between(start: number | undefined, end: number | undefined): Pick<Block, "accels"> {
  return start === undefined || end === undefined ? {} : { accels: [start, end] };
}
