import { endCount } from "./ends";
import { fillInts, Ints, takeInts } from "./memory";

/** Which ends the pen goes between, as far as that is settled: the end at the other side of each end's hop, -1 for free ends. */
export let mate: Ints = changetype<Ints>(0);
/** The other free end of the chain, valid for free ends. */
export let otherEnd: Ints = changetype<Ints>(0);

/** Every stroke a chain of its own. */
export function takeChains(): void {
  mate = takeInts(endCount);
  otherEnd = takeInts(endCount);
  fillInts(mate, -1, endCount);
  for (let end = 0; end < endCount; end++) otherEnd[end] = end ^ 1;
}

/** Makes one chain of two by a hop between free ends of theirs. */
export function pair(a: i32, b: i32): void {
  mate[a] = b;
  mate[b] = a;
  const first = otherEnd[a];
  const last = otherEnd[b];
  otherEnd[first] = last;
  otherEnd[last] = first;
}
