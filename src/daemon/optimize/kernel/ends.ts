import { Floats, takeFloats } from "./memory";

/** How many ends there are: two to a stroke, and two of the way home. */
export let endCount: i32 = 0;
export let x: Floats = changetype<Floats>(0);
export let y: Floats = changetype<Floats>(0);

/** Room for the ends' coordinates, which the host writes. */
export function takeEnds(count: i32): void {
  endCount = count;
  x = takeFloats(count);
  y = takeFloats(count);
}
