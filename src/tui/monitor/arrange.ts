import { type Counts, FRAME_ROWS, type Layout, type PaneName, shareRows } from "./layout.ts";

/** A pane's place on the screen in cells, its title row included. */
export interface Place {
  readonly pane: PaneName | "layers";
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Wish {
  readonly columns: number;
  readonly rows: number;
  /** What there is to show; -1 for a pane that is not wanted. */
  readonly counts: Counts;
  readonly focus: PaneName;
  /** The selected job alone. */
  readonly isOpen: boolean;
}

/** Two columns from here up: the drawing stands beside the lists. */
const WIDE = 110;
const HIGH = 32;
/** Fewer rows of drawing would show nothing. */
const LEAST_DRAWING = 5;
/** Below this many rows a pane that is asked for gets all of them. */
const LOW = 16;

/** Where each pane goes, between the header and the two lines at the bottom. A pane without room is not among them. */
export function arrange(wish: Wish): Place[] {
  const height = Math.max(0, wish.rows - FRAME_ROWS);
  const all: Area = { left: 0, top: 1, width: wish.columns, height };
  if (height < 2) return [];
  const places = wish.isOpen ? openJob(all) : wish.columns >= WIDE ? wide(all, wish) : narrow(all, wish);
  return places.filter((each) => each.height > 1 && each.width > 0);
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function openJob(area: Area): Place[] {
  if (area.width >= 70) {
    const side = Math.min(44, Math.max(30, Math.floor(area.width / 3)));
    const [picture, list] = splitColumns(area, area.width - side - 1);
    return [place("drawing", picture), place("layers", list)];
  }
  if (area.height < 8) return [place("drawing", area)];
  const [picture, list] = splitRows(area, area.height - Math.min(5, Math.floor(area.height / 3)));
  return [place("drawing", picture), place("layers", list)];
}

function wide(area: Area, wish: Wish): Place[] {
  const isLow = wish.focus === "events" || wish.focus === "statistics";
  const wanted = wish.rows >= HIGH || isLow ? Math.max(5, Math.min(14, Math.floor(area.height / 4))) : 0;
  const strip = Math.min(area.height, wanted);
  const [body, bottom] = splitRows(area, area.height - strip);
  const [lists, picture] = splitColumns(body, Math.max(64, Math.min(110, Math.floor(body.width * 0.57))));
  const places = [...stack(lists, wish), place("drawing", picture)];
  if (strip === 0) return places;
  const [events, statistics] = splitColumns(
    bottom,
    body.width - Math.max(44, Math.floor(body.width / 3)) - 1,
  );
  return [...places, place("events", events), place("statistics", statistics)];
}

/** One column; what is asked for and would not be there takes the lower half, or on a low screen all of it. */
function narrow(area: Area, wish: Wish): Place[] {
  const { focus } = wish;
  if (wish.rows < LOW && focus !== "jobs") return [place(focus, area)];
  const usual = stack(area, wish);
  const jobs = usual[0];
  const isUsual = usual.some(({ pane }) => pane === focus);
  const spare = jobs?.pane === "jobs" ? jobs.height - 1 - Math.max(1, wish.counts.jobs) : 0;
  if (focus !== "drawing" && isUsual) return spare > LEAST_DRAWING ? withDrawing(usual, spare) : usual;
  if (focus === "drawing" && spare > area.height / 2) return withDrawing(usual, spare);
  const [upper, lower] = splitRows(area, Math.floor(area.height / 2) - (focus === "drawing" ? 2 : 0));
  return [...stack(upper, wish), place(focus, lower)];
}

/** The rows that the jobs do not need, for the drawing below the lists. */
function withDrawing(places: readonly Place[], rows: number): Place[] {
  const moved = places.map((each, i) =>
    i === 0 ? { ...each, height: each.height - rows } : { ...each, top: each.top - rows },
  );
  const last = moved.at(-1)!;
  return [...moved, { ...last, pane: "drawing", top: last.top + last.height, height: rows }];
}

/** Jobs, machines and alerts, one above the other. */
function stack(area: Area, { counts }: Wish): Place[] {
  const layout: Layout = shareRows(area.height + FRAME_ROWS, counts);
  const places: Place[] = [];
  let { top } = area;
  for (const [pane, rows] of [
    ["jobs", layout.jobs],
    ["machines", layout.devices],
    ["alerts", layout.alerts],
  ] as const) {
    if (rows === 0) continue;
    places.push({ pane, left: area.left, top, width: area.width, height: rows + 1 });
    top += rows + 1;
  }
  return places;
}

function place(pane: Place["pane"], area: Area): Place {
  return { pane, ...area };
}

function splitRows(area: Area, rows: number): [Area, Area] {
  return [
    { ...area, height: rows },
    { ...area, top: area.top + rows, height: area.height - rows },
  ];
}

/** With a blank column between the two. */
function splitColumns(area: Area, columns: number): [Area, Area] {
  return [
    { ...area, width: columns },
    { ...area, left: area.left + columns + 1, width: area.width - columns - 1 },
  ];
}
