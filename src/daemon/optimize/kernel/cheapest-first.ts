import { fillInts, Longs, takeInts, takeLongs } from "./memory";

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts by the upper 32 bits, digit after digit from the lowest; what is equal there keeps its order.
 *
 * @returns `pairs`, or an array of the same length taken beside it
 */
export function sortByUpperHalf(pairs: Longs, count: i32): Longs {
  let from = pairs;
  let to = takeLongs(count);
  const starts = takeInts(DIGITS);
  for (let shift = 32; shift < 64; shift += DIGIT_BITS) {
    fillInts(starts, 0, DIGITS);
    for (let i = 0; i < count; i++) {
      const digit = digitOf(from[i], shift);
      starts[digit] = starts[digit] + 1;
    }
    let before = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const here = starts[digit];
      starts[digit] = before;
      before += here;
    }
    for (let i = 0; i < count; i++) {
      const digit = digitOf(from[i], shift);
      to[starts[digit]] = from[i];
      starts[digit] = starts[digit] + 1;
    }
    const sorted = to;
    to = from;
    from = sorted;
  }
  return from;
}

function digitOf(value: u64, shift: i32): i32 {
  return <i32>(value >> shift) & (DIGITS - 1);
}
