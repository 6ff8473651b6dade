import { mate, otherEnd, pair } from "./chains";
import { endCount } from "./ends";
import { isJoint, k, near, seconds } from "./hop-costs";
import { Bytes, freeSince, Ints, takeBytes, takeInts, used } from "./memory";

/** Joints that each end may make: the first so many of its near ends. Of those, how many are with a free end. */
let joints: Bytes = changetype<Bytes>(0);
let choices: Bytes = changetype<Bytes>(0);
/** Ends that had one choice left when they were put here. */
let urgent: Ints = changetype<Ints>(0);
let urgentCount: i32 = 0;

/**
 * Pairs ends that can be joined, so that as many joints as possible come about: an end that has one partner left takes it before
 * another does (Karp and Sipser's rule for matchings). Only when every end has a choice the next one takes its nearest.
 */
export function joinEnds(): void {
  const mark = used();
  joints = takeBytes(endCount);
  choices = takeBytes(endCount);
  // An end's choices fall to one at most once, and some begin there.
  urgent = takeInts(2 * endCount);
  urgentCount = 0;
  for (let end = 0; end < endCount; end++) countJoints(end);
  for (let end = endCount - 1; end >= 0; end--) if (choices[end] === 1) urgent[urgentCount++] = end;
  for (let next = 0; next < endCount; next++) {
    joinUrgent();
    join(next);
  }
  joinUrgent();
  freeSince(mark);
}

function countJoints(end: i32): void {
  let count = 0;
  for (let n = end * k; count < k && near[n + count] >= 0; count++) if (!isJoint(seconds[n + count])) break;
  joints[end] = <u8>count;
  choices[end] = <u8>count;
}

function joinUrgent(): void {
  while (urgentCount > 0) join(urgent[--urgentCount]);
}

function join(end: i32): void {
  if (mate[end] !== -1) return;
  const partner = partnerOf(end);
  if (partner < 0) return;
  pair(end, partner);
  takeFrom(end);
  takeFrom(partner);
}

/** The free end near by that has the fewest other choices; of equals the nearest. */
function partnerOf(end: i32): i32 {
  const first = end * k;
  let best = -1;
  let fewest: i32 = 255;
  for (let n = first; n < first + joints[end]; n++) {
    const other = near[n];
    if (mate[other] !== -1 || otherEnd[end] === other || <i32>choices[other] >= fewest) continue;
    fewest = choices[other];
    best = other;
  }
  return best;
}

/** An end that is no longer free is a choice less for those near it. */
function takeFrom(end: i32): void {
  const first = end * k;
  for (let n = first; n < first + joints[end]; n++) {
    const other = near[n];
    if (mate[other] !== -1 || choices[other] === 0) continue;
    choices[other] = choices[other] - 1;
    if (choices[other] === 1) urgent[urgentCount++] = other;
  }
}
