/** The drawings of the planning bench: made from a seed, byte for byte the same on every machine. */

export interface BenchCase {
  readonly name: string;
  readonly widthMm: number;
  readonly heightMm: number;
  /** The elements of the drawing, one a line; user units are mm. */
  body(): string;
}

const A4 = { widthMm: 297, heightMm: 210 };
const A3 = { widthMm: 420, heightMm: 297 };
const MARGIN_MM = 10;

export const CASES: readonly BenchCase[] = [
  { name: "lines-1k", ...A4, body: () => lines(1_000, A4, 1) },
  { name: "lines-10k", ...A3, body: () => lines(10_000, A3, 2) },
  { name: "lines-100k", ...A3, body: () => lines(100_000, A3, 3) },
  { name: "curves-10k", ...A3, body: () => curves(10_000, 4) },
  { name: "polylines-2k", ...A3, body: () => flow(2_000, 200, 0.5, 5) },
  { name: "hatch-20k", ...A3, body: () => hatches(20_000, 6) },
  { name: "spiral-200k", ...A3, body: () => spiral(200_000) },
  { name: "stress-1m", ...A3, body: () => walks(50_000, 20, 0.8, 8) },
];

/** @param unit of `width` and `height`: peers that know no mm are given px */
export function fileOf({ widthMm, heightMm, body }: BenchCase, unit: "mm" | "px"): string {
  const [width, height] = [widthMm, heightMm].map((mm) =>
    unit === "mm" ? `${mm}mm` : `${(mm * 96) / 25.4}`,
  );
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${widthMm} ${heightMm}">`;
  return `${head}<g fill="none" stroke="black">\n${body()}\n</g></svg>\n`;
}

type Random = () => number;
type Page = { readonly widthMm: number; readonly heightMm: number };

/** Mulberry32: numbers in 0…1. */
function seeded(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function anywhere(random: Random, { widthMm, heightMm }: Page): [number, number] {
  const x = MARGIN_MM + random() * (widthMm - 2 * MARGIN_MM);
  return [x, MARGIN_MM + random() * (heightMm - 2 * MARGIN_MM)];
}

function path(points: readonly number[]): string {
  const pairs: string[] = [];
  for (let i = 0; i < points.length; i += 2) pairs.push(`${mm(points[i]!)} ${mm(points[i + 1]!)}`);
  return `<path d="M${pairs.join("L")}"/>`;
}

function mm(value: number): string {
  return value.toFixed(3);
}

/** Lines of 2 to 12 mm anywhere on the page, in any direction, as long as they stay inside its margin. */
function lines(count: number, page: Page, seed: number): string {
  const random = seeded(seed);
  const made: string[] = [];
  while (made.length < count) {
    const [x, y] = anywhere(random, page);
    const angle = random() * 2 * Math.PI;
    const length = 2 + random() * 10;
    const end: [number, number] = [x + length * Math.cos(angle), y + length * Math.sin(angle)];
    if (isInside(end, page)) made.push(path([x, y, ...end]));
  }
  return made.join("\n");
}

function isInside([x, y]: readonly [number, number], { widthMm, heightMm }: Page): boolean {
  return x >= MARGIN_MM && x <= widthMm - MARGIN_MM && y >= MARGIN_MM && y <= heightMm - MARGIN_MM;
}

/** Cubic curves whose four points lie within a few centimetres of each other. */
function curves(count: number, seed: number): string {
  const random = seeded(seed);
  const inside = (value: number, limit: number): number => Math.max(2, Math.min(limit - 2, value));
  const made: string[] = [];
  while (made.length < count) {
    const [x, y] = anywhere(random, A3);
    const points = [mm(x), mm(y)];
    for (let i = 0; i < 3; i++) {
      points.push(mm(inside(x + (random() - 0.5) * 55, A3.widthMm)));
      points.push(mm(inside(y + (random() - 0.5) * 55, A3.heightMm)));
    }
    made.push(
      `<path d="M${points[0]} ${points[1]}C${points.slice(2).join(" ")}" fill="none" stroke="#000"/>`,
    );
  }
  return made.join("\n");
}

/** Polylines that wander: `points` points, `stepMm` apart, turning back at the edge of the page. */
function walks(count: number, points: number, stepMm: number, seed: number): string {
  const random = seeded(seed);
  const made: string[] = [];
  while (made.length < count) made.push(path(walk(random, points, stepMm)));
  return made.join("\n");
}

function walk(random: Random, points: number, stepMm: number): number[] {
  let [x, y] = anywhere(random, A3);
  let angle = random() * 2 * Math.PI;
  const numbers = [x, y];
  while (numbers.length < 2 * points) {
    angle += (random() - 0.5) * 0.6;
    const [nextX, nextY] = [x + stepMm * Math.cos(angle), y + stepMm * Math.sin(angle)];
    if (nextX < 1 || nextY < 1 || nextX > A3.widthMm - 1 || nextY > A3.heightMm - 1) {
      angle += Math.PI / 2;
      continue;
    }
    [x, y] = [nextX, nextY];
    numbers.push(x, y);
  }
  return numbers;
}

/** Polylines along a smooth field that gathers them in streams, as flow-field art does; those that would leave the page are left out. */
function flow(count: number, points: number, stepMm: number, seed: number): string {
  const random = seeded(seed);
  const made: string[] = [];
  while (made.length < count) {
    const line = streamline(anywhere(random, A3), points, stepMm);
    if (line) made.push(path(line));
  }
  return made.join("\n");
}

/** @returns nothing where it leaves the page */
function streamline(start: [number, number], points: number, stepMm: number): number[] | undefined {
  let [x, y] = start;
  const numbers: number[] = [];
  while (numbers.length < 2 * points) {
    if (!isInside([x, y], A3)) return undefined;
    numbers.push(x, y);
    const angle = 2 * Math.sin(x / 45 + 1) + 2 * Math.cos(y / 38) + 1.5 * Math.sin((x + y) / 70);
    x += stepMm * Math.cos(angle);
    y += stepMm * Math.sin(angle);
  }
  return numbers;
}

const HATCH = {
  columns: 20,
  cellWidthMm: 20,
  cellHeightMm: 14,
  lines: 50,
  apartMm: 0.39,
  lengthMm: 12.6,
  jitterMm: 0.32,
};

/** Patches of upright hatch lines with uneven ends, so that about two gaps of three can be joined; all lines shuffled, half turned. */
function hatches(count: number, seed: number): string {
  const random = seeded(seed);
  const { columns, cellWidthMm, cellHeightMm, lines: inCell, apartMm, lengthMm, jitterMm } = HATCH;
  const uneven = (y: number): number => y + (random() * 2 - 1) * jitterMm;
  const all = Array.from({ length: count }, (_, i) => {
    const cell = Math.floor(i / inCell);
    const x = MARGIN_MM + (cell % columns) * cellWidthMm + (i % inCell) * apartMm;
    const y = 5 + Math.floor(cell / columns) * cellHeightMm;
    const ends = [x, uneven(y), x, uneven(y + lengthMm)];
    return random() < 0.5 ? ends : [ends[2]!, ends[3]!, ends[0]!, ends[1]!];
  });
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.map(path).join("\n");
}

/** One stroke of `points` points, 0.6 mm apart, winding outwards. */
function spiral(points: number): string {
  const numbers: number[] = [];
  const pitchMm = 0.558;
  for (let i = 0; i < points; i++) {
    const turn = Math.sqrt((4 * Math.PI * i * 0.6) / pitchMm);
    const radius = (pitchMm / (2 * Math.PI)) * turn;
    numbers.push(A3.widthMm / 2 + radius * Math.cos(turn), A3.heightMm / 2 + radius * Math.sin(turn));
  }
  return path(numbers);
}
