/** The search for a short way through the strokes of one layer, in the order in which the host calls it. */
import { endCount, takeEnds, x, y } from "./ends";
import { greedyTour } from "./greedy";
import { costNearHops, setHopCost, takeHopCosts } from "./hop-costs";
import { kickTour } from "./kicks";
import { searchAll, takeSearch } from "./local-search";
import { freeAll } from "./memory";
import { at, entries, layOut, placeEnds, takeTour } from "./tour";

/**
 * Room for a layer. The host then writes the ends (see `xs`, `ys`): stroke `s` starts at end `2 s` and ends at `2 s + 1`; the last
 * two are the way home.
 */
export function begin(ends: i32, neighbors: i32): void {
  freeAll();
  takeEnds(ends);
  takeTour(ends >> 1);
  takeHopCosts(neighbors);
  takeSearch();
}

/** Addresses of the ends' coordinates, of the tour's entries and of the ends' places in it. */
export function xs(): usize {
  return changetype<usize>(x);
}

export function ys(): usize {
  return changetype<usize>(y);
}

export function tourEntries(): usize {
  layOut();
  return changetype<usize>(entries);
}

export function tourPlaces(): usize {
  return changetype<usize>(at);
}

/** @param joinMm2 square of the joinable gap; @param fixedS, @param sPerMm what any other hop costs */
export function setCost(joinMm2: f64, fixedS: f64, sPerMm: f64): void {
  setHopCost(joinMm2, fixedS, sPerMm);
}

/** Finds what lies near each end: at first, and again when ends have moved. */
export function look(): void {
  costNearHops();
}

/** Makes a first tour. */
export function build(): void {
  greedyTour(entries);
  placeEnds();
}

/** Local search over all ends. */
export function improve(maxStepsPerStroke: i32): void {
  searchAll(maxStepsPerStroke * (endCount >> 1));
}

export function kick(kicks: i32): void {
  kickTour(kicks);
}
