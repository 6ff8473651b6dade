import { x, y } from "./ends";
import { Floats, fillInts, freeSince, Ints, takeFloats, takeInts, used } from "./memory";

const PER_CELL = 2;
const MAX_CELLS_ASIDE = 4096;
/** Of the block of cells looked at first: holds some 18 ends, of which most find their nearest. */
const FIRST_RADIUS = 1;
/** Where thousands of ends lie in one cell (a star, a spirograph) the first ones after the end itself must do. */
const MAX_LOOKED_AT = 96;

// Square cells, a few ends to a cell, those of a cell side by side: cell `c` holds the slots `starts[c] … starts[c + 1] - 1`.
let minX: f64 = 0;
let minY: f64 = 0;
let cellMm: f64 = 1;
let columns: i32 = 0;
let rows: i32 = 0;
let starts: Ints = changetype<Ints>(0);
// Of each slot: the end's index in the list it came from, its id and its coordinates.
let indices: Ints = changetype<Ints>(0);
let ids: Ints = changetype<Ints>(0);
let slotX: Floats = changetype<Floats>(0);
let slotY: Floats = changetype<Floats>(0);

// Of the end that is looked for: how many are found, and how far they are (squares, mm²).
let found: i32 = 0;
let distances: Floats = changetype<Floats>(0);

/**
 * The nearest `k` of the given ends to each of them, nearest first, leaving out itself and the other end of its own stroke or chain.
 *
 * @param given ids of the ends that take part; @param partner by id: the end that must not be paired with it
 * @param nearest written: `k` ids for each of the given, -1 where there are no more
 */
export function findNearest(given: Ints, count: i32, partner: Ints, k: i32, nearest: Ints): void {
  const mark = used();
  fillInts(nearest, -1, count * k);
  sortIntoCells(given, count);
  distances = takeFloats(k);
  // Slot after slot, so that what is looked at stays in the processor's cache.
  for (let slot = 0; slot < count; slot++) findFor(slot, partner[ids[slot]], k, nearest);
  freeSince(mark);
}

function sortIntoCells(given: Ints, count: i32): void {
  layOutCells(given, count);
  const cells = columns * rows;
  starts = takeInts(cells + 1);
  fillInts(starts, 0, cells + 1);
  const cellOf = takeInts(count);
  for (let i = 0; i < count; i++) {
    const id = given[i];
    const cell = rowOf(y[id]) * columns + columnOf(x[id]);
    cellOf[i] = cell;
    starts[cell + 1] = starts[cell + 1] + 1;
  }
  const filled = takeInts(cells);
  for (let c = 0; c < cells; c++) {
    filled[c] = starts[c];
    starts[c + 1] = starts[c + 1] + starts[c];
  }
  indices = takeInts(count);
  ids = takeInts(count);
  slotX = takeFloats(count);
  slotY = takeFloats(count);
  for (let i = 0; i < count; i++) {
    const slot = filled[cellOf[i]];
    filled[cellOf[i]] = slot + 1;
    indices[slot] = i;
    ids[slot] = given[i];
    slotX[slot] = x[given[i]];
    slotY[slot] = y[given[i]];
  }
}

function layOutCells(given: Ints, count: i32): void {
  let maxX = -f64.MAX_VALUE;
  let maxY = -f64.MAX_VALUE;
  minX = f64.MAX_VALUE;
  minY = f64.MAX_VALUE;
  for (let i = 0; i < count; i++) {
    const id = given[i];
    minX = min(minX, x[id]);
    maxX = max(maxX, x[id]);
    minY = min(minY, y[id]);
    maxY = max(maxY, y[id]);
  }
  const width = max(maxX - minX, 1e-9);
  const height = max(maxY - minY, 1e-9);
  const cells = max(1, <f64>count / PER_CELL);
  cellMm = max(Math.sqrt((width * height) / cells), max(width, height) / min(<f64>MAX_CELLS_ASIDE, cells));
  columns = min(MAX_CELLS_ASIDE, <i32>(width / cellMm) + 1);
  rows = min(MAX_CELLS_ASIDE, <i32>(height / cellMm) + 1);
}

function columnOf(px: f64): i32 {
  return min(columns - 1, <i32>((px - minX) / cellMm));
}

function rowOf(py: f64): i32 {
  return min(rows - 1, <i32>((py - minY) / cellMm));
}

/** Looks at the block of cells around the end, and at a larger one as long as what lies outside might be nearer. */
function findFor(own: i32, ownPartner: i32, k: i32, nearest: Ints): void {
  const column = columnOf(slotX[own]);
  const row = rowOf(slotY[own]);
  const edge = min(edgeDistance(slotX[own] - minX), edgeDistance(slotY[own] - minY));
  for (let radius = FIRST_RADIUS; ; radius *= 2) {
    found = 0;
    const left = max(0, column - radius);
    const right = min(columns - 1, column + radius);
    const bottom = min(rows - 1, row + radius);
    for (let r = max(0, row - radius); r <= bottom; r++) {
      // The cells of a row lie side by side.
      const from = starts[r * columns + left];
      const count = starts[r * columns + right + 1] - from;
      if (count > MAX_LOOKED_AT * (right - left + 1)) lookAtSome(own, ownPartner, from, count, k, nearest);
      else lookAt(own, ownPartner, from, from + count, k, nearest);
    }
    const reach = <f64>radius * cellMm + edge;
    const worst = found === k ? distances[k - 1] : Infinity;
    if (reach * reach >= worst || radius >= max(columns, rows)) return;
  }
}

function lookAtSome(own: i32, ownPartner: i32, from: i32, count: i32, k: i32, nearest: Ints): void {
  for (let look = 0; look < MAX_LOOKED_AT; look++) {
    const other = from + <i32>((<i64>own * 31 + look) % count);
    lookAt(own, ownPartner, other, other + 1, k, nearest);
  }
}

function lookAt(own: i32, ownPartner: i32, from: i32, to: i32, k: i32, nearest: Ints): void {
  const px = slotX[own];
  const py = slotY[own];
  const at = indices[own] * k;
  let worst = found === k ? distances[k - 1] : Infinity;
  for (let other = from; other < to; other++) {
    const dx = slotX[other] - px;
    const dy = slotY[other] - py;
    const distance = dx * dx + dy * dy;
    if (distance >= worst || other === own || ids[other] === ownPartner) continue;
    let place = found < k ? found++ : k - 1;
    for (; place > 0 && distances[place - 1] > distance; place--) {
      distances[place] = distances[place - 1];
      nearest[at + place] = nearest[at + place - 1];
    }
    distances[place] = distance;
    nearest[at + place] = ids[other];
    if (found === k) worst = distances[k - 1];
  }
}

/** From a coordinate to the nearer border of its cell. */
function edgeDistance(offset: f64): f64 {
  const inCell = offset - Math.floor(offset / cellMm) * cellMm;
  return min(inCell, cellMm - inCell);
}
