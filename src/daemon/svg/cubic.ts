/**
 * Cubics lie in arrays as eight numbers: x, y of the end, of the two control points, of the start. So the two halves of one fit into
 * fourteen, the second where the whole was and the first 6 further on, sharing the point in the middle. (As arguments numbers would
 * be put on the heap at every call that is not compiled into its caller.)
 */

/**
 * A cubic is as flat as its chord when both control points lie beside the chord and near it: the curve then stays within
 * 3/4 of the larger distance (4/9 when they lie on different sides). Otherwise the distance of the control points from
 * thirds of the chord bounds it, which also holds for cusps and loops.
 *
 * @param at where the cubic begins
 * @param tolerance2 square of the largest distance from the chord
 */
export function isFlat(cubics: Float64Array, at: number, tolerance2: number): boolean {
  const ax = cubics[at + 6]!;
  const ay = cubics[at + 7]!;
  const chordX = cubics[at]! - ax;
  const chordY = cubics[at + 1]! - ay;
  const toBX = cubics[at + 4]! - ax;
  const toBY = cubics[at + 5]! - ay;
  const toCX = cubics[at + 2]! - ax;
  const toCY = cubics[at + 3]! - ay;
  const chord2 = chordX * chordX + chordY * chordY;
  const alongB = toBX * chordX + toBY * chordY;
  const alongC = toCX * chordX + toCY * chordY;
  if (chord2 > 0 && alongB >= 0 && alongB <= chord2 && alongC >= 0 && alongC <= chord2) {
    const offB = toBX * chordY - toBY * chordX;
    const offC = toCX * chordY - toCY * chordX;
    const share = offB * offC >= 0 ? 0.75 : 4 / 9;
    const off = share * Math.max(Math.abs(offB), Math.abs(offC));
    return off * off <= tolerance2 * chord2;
  }
  return offThirds2(cubics, at) <= 16 * tolerance2;
}

function offThirds2(cubics: Float64Array, at: number): number {
  let sum = 0;
  for (let i = at; i < at + 2; i++) {
    const [d, c, b, a] = [cubics[i]!, cubics[i + 2]!, cubics[i + 4]!, cubics[i + 6]!];
    const off = Math.max(Math.abs(3 * b - 2 * a - d), Math.abs(3 * c - a - 2 * d));
    sum += off * off;
  }
  return sum;
}

/** Replaces the cubic at `at` by its halves, de Casteljau at the middle: the second there, the first 6 further on. */
export function halve(cubics: Float64Array, at: number): void {
  for (let i = at; i < at + 2; i++) {
    const d = cubics[i]!;
    const a = cubics[i + 6]!;
    const ab = (a + cubics[i + 4]!) / 2;
    const bc = (cubics[i + 4]! + cubics[i + 2]!) / 2;
    const cd = (cubics[i + 2]! + d) / 2;
    const abc = (ab + bc) / 2;
    const bcd = (bc + cd) / 2;
    cubics[i + 2] = cd;
    cubics[i + 4] = bcd;
    cubics[i + 6] = (abc + bcd) / 2;
    cubics[i + 8] = abc;
    cubics[i + 10] = ab;
    cubics[i + 12] = a;
  }
}
