/** Points by square cells, a few to a cell, those of a cell side by side. */
interface Grid {
  readonly minX: number;
  readonly minY: number;
  readonly cellMm: number;
  readonly columns: number;
  readonly rows: number;
  /** Cell `c` holds the slots `starts[c] … starts[c + 1] - 1`. */
  readonly starts: Int32Array;
  /** Of each slot: the point's index in the list it came from, its id and its coordinates. */
  readonly indices: Int32Array;
  readonly ids: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const PER_CELL = 2;
const MAX_CELLS_ASIDE = 4096;
/** Of the block of cells looked at first: holds some 18 ends, of which most find their nearest. */
const FIRST_RADIUS = 1;
/** Where thousands of ends lie in one cell (a star, a spirograph) the first ones after the end itself must do. */
const MAX_LOOKED_AT = 96;

/**
 * The nearest `k` of the given ends to each of them, nearest first, leaving out itself and the other end of its own stroke.
 *
 * @param ids which ends take part; @param partner by id: the end that must not be paired with it
 * @returns `k` ids for each entry of `ids`, -1 where there are no more
 */
export function nearestEnds(
  x: Float64Array,
  y: Float64Array,
  ids: Int32Array,
  partner: Int32Array,
  k: number,
): Int32Array {
  const grid = buildGrid(x, y, ids);
  const nearest = new Int32Array(ids.length * k).fill(-1);
  const distances = new Float64Array(k);
  // Slot after slot, so that what is looked at stays in the processor's cache.
  for (let slot = 0; slot < ids.length; slot++) {
    findNearest(grid, slot, partner[grid.ids[slot]!]!, k, nearest, distances);
  }
  return nearest;
}

function buildGrid(x: Float64Array, y: Float64Array, ids: Int32Array): Grid {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const id of ids) {
    minX = Math.min(minX, x[id]!);
    maxX = Math.max(maxX, x[id]!);
    minY = Math.min(minY, y[id]!);
    maxY = Math.max(maxY, y[id]!);
  }
  const width = Math.max(maxX - minX, 1e-9);
  const height = Math.max(maxY - minY, 1e-9);
  const cells = Math.max(1, ids.length / PER_CELL);
  const cellMm = Math.max(
    Math.sqrt((width * height) / cells),
    Math.max(width, height) / Math.min(MAX_CELLS_ASIDE, cells),
  );
  const columns = Math.min(MAX_CELLS_ASIDE, Math.floor(width / cellMm) + 1);
  const rows = Math.min(MAX_CELLS_ASIDE, Math.floor(height / cellMm) + 1);
  const cellOf = (id: number): number =>
    Math.min(rows - 1, Math.floor((y[id]! - minY) / cellMm)) * columns +
    Math.min(columns - 1, Math.floor((x[id]! - minX) / cellMm));
  const starts = new Int32Array(columns * rows + 1);
  for (const id of ids) starts[cellOf(id) + 1]!++;
  for (let c = 1; c < starts.length; c++) starts[c]! += starts[c - 1]!;
  const filled = starts.slice();
  const grid: Grid = {
    ...{ minX, minY, cellMm, columns, rows, starts },
    indices: new Int32Array(ids.length),
    ids: new Int32Array(ids.length),
    x: new Float64Array(ids.length),
    y: new Float64Array(ids.length),
  };
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    const slot = filled[cellOf(id)]!++;
    grid.indices[slot] = i;
    grid.ids[slot] = id;
    grid.x[slot] = x[id]!;
    grid.y[slot] = y[id]!;
  }
  return grid;
}

/** Looks at the block of cells around the end, and at a larger one as long as what lies outside might be nearer. */
function findNearest(
  grid: Grid,
  own: number,
  ownPartner: number,
  k: number,
  nearest: Int32Array,
  distances: Float64Array,
): void {
  const { minX, minY, cellMm, columns, rows, starts, ids, x, y } = grid;
  const px = x[own]!;
  const py = y[own]!;
  const at = grid.indices[own]! * k;
  const column = Math.min(columns - 1, Math.floor((px - minX) / cellMm));
  const row = Math.min(rows - 1, Math.floor((py - minY) / cellMm));
  const edge = Math.min(edgeDistance(px - minX, cellMm), edgeDistance(py - minY, cellMm));
  for (let radius = FIRST_RADIUS; ; radius *= 2) {
    let found = 0;
    let worst = Infinity;
    const left = Math.max(0, column - radius);
    const right = Math.min(columns - 1, column + radius);
    const bottom = Math.min(rows - 1, row + radius);
    for (let r = Math.max(0, row - radius); r <= bottom; r++) {
      // The cells of a row lie side by side.
      const from = starts[r * columns + left]!;
      const count = starts[r * columns + right + 1]! - from;
      const isCrowded = count > MAX_LOOKED_AT * (right - left + 1);
      const looks = isCrowded ? MAX_LOOKED_AT : count;
      for (let look = 0; look < looks; look++) {
        const other = from + (isCrowded ? (own * 31 + look) % count : look);
        const dx = x[other]! - px;
        const dy = y[other]! - py;
        const distance = dx * dx + dy * dy;
        if (distance >= worst || other === own || ids[other] === ownPartner) continue;
        let slot = found < k ? found++ : k - 1;
        for (; slot > 0 && distances[slot - 1]! > distance; slot--) {
          distances[slot] = distances[slot - 1]!;
          nearest[at + slot] = nearest[at + slot - 1]!;
        }
        distances[slot] = distance;
        nearest[at + slot] = ids[other]!;
        if (found === k) worst = distances[k - 1]!;
      }
    }
    const reach = radius * cellMm + edge;
    if (reach * reach >= worst || radius >= Math.max(columns, rows)) return;
  }
}

/** From a coordinate to the nearer border of its cell. */
function edgeDistance(offset: number, cellMm: number): number {
  const inCell = offset - Math.floor(offset / cellMm) * cellMm;
  return Math.min(inCell, cellMm - inCell);
}
