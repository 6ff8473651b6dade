import { expect, test } from "vitest";
import { BRAILLE, DotGrid, ONE_DOT } from "../../src/shared/dot-grid.ts";
import { drawInk, type PlanShape, projectPlan } from "../../src/shared/plan-view.ts";
import { shapeOf } from "../../src/tui/client/plan-source.ts";
import { arrange, type Place } from "../../src/tui/monitor/arrange.ts";
import { DrawingCanvas } from "../../src/tui/monitor/drawing/canvas.ts";
import { inkUnderPen } from "../../src/tui/monitor/drawing/ink-under-pen.ts";
import { paletteOf } from "../../src/tui/monitor/drawing/palette.ts";
import { PANES, type PaneName } from "../../src/tui/monitor/layout.ts";
import { moveLook, zoomLook } from "../../src/tui/monitor/look.ts";
import { editPrompt, type Prompt } from "../../src/tui/monitor/prompt.ts";
import { sparkline } from "../../src/tui/monitor/statistics-rows.ts";
import { Throughput } from "../../src/tui/monitor/throughput.ts";
import { createTheme } from "../../src/tui/text/theme.ts";

const ALL = { zoom: 1, centerX: 0.5, centerY: 0.5 };
const view = { columns: 10, rows: 2, look: ALL, showsTravel: false };

function plan(...polylines: [number, number][][]): PlanShape {
  return shapeOf({ unit: "mm", polylines, meta: [], notes: [] });
}

function shown(canvas: DrawingCanvas, plotted: number, pen?: Parameters<DrawingCanvas["show"]>[1]): string[] {
  return canvas.show(plotted, pen).map(({ texts }) => texts.join(""));
}

test("a cell of braille holds two dots across and four down", () => {
  const grid = new DotGrid(1, 1, BRAILLE);
  grid.dot(0, 0);
  grid.dot(1, 3);
  expect(grid.cells[0]).toBe(0x81);
  grid.dot(2, 0);
  grid.dot(Number.NaN, 0);
  expect(grid.cells[0]).toBe(0x81);
});

test("a line far larger than the grid is cut to it, one that passes by sets nothing", () => {
  const grid = new DotGrid(4, 1, BRAILLE);
  grid.line(-1e6, 1, 1e6, 1);
  expect([...grid.cells]).toEqual([0x12, 0x12, 0x12, 0x12]);
  const other = new DotGrid(4, 1, BRAILLE);
  other.line(-5, 9, 20, 9);
  expect([...other.cells]).toEqual([0, 0, 0, 0]);
});

test("a square stays a square: 20 mm on 8 cells across and 4 rows are 15 dots each way", () => {
  const grid = new DotGrid(8, 4, BRAILLE);
  const { scaleX, scaleY } = projectPlan(
    plan([
      [0, 0],
      [20, 20],
    ]),
    grid,
  );
  expect([scaleX * 20, scaleY * 20]).toEqual([15, 15]);
  const ascii = projectPlan(
    plan([
      [0, 0],
      [20, 20],
    ]),
    new DotGrid(8, 4, ONE_DOT),
  );
  expect(ascii.scaleX).toBe(2 * ascii.scaleY);
});

test("ink laid down is told from ink to come, without colour too", () => {
  const canvas = new DrawingCanvas(
    plan([
      [0, 0],
      [50, 0],
      [100, 0],
    ]),
    { ...view, rows: 1 },
    paletteOf(createTheme(false, false)),
  );
  expect(shown(canvas, 0)).toEqual(["..........".padEnd(10)]);
  expect(shown(canvas, 2)[0]).toMatch(/^#{5,6}\.{4,5}$/);
  expect(shown(canvas, 3)).toEqual(["##########"]);
});

test("a row without news stays the same object, so that nothing is compared or sent for it", () => {
  const lines = plan(
    [
      [0, 0],
      [100, 0],
    ],
    [
      [0, 20],
      [100, 20],
    ],
  );
  const canvas = new DrawingCanvas(lines, view, paletteOf(createTheme(true, true)));
  const [first, second] = canvas.show(0, undefined);
  const [inked, same] = canvas.show(2, undefined);
  expect(inked).not.toBe(first);
  expect(same).toBe(second);
});

test("a job that begins again has no ink", () => {
  const canvas = new DrawingCanvas(
    plan([
      [0, 0],
      [100, 0],
    ]),
    { ...view, rows: 1 },
    paletteOf(createTheme(false, false)),
  );
  expect(shown(canvas, 2)).toEqual(["##########"]);
  expect(shown(canvas, 0)).toEqual([".........."]);
});

test("half way along a line of 100 mm, half of it is inked, and the pen is shown there", () => {
  const canvas = new DrawingCanvas(
    plan([
      [0, 0],
      [100, 0],
    ]),
    { ...view, rows: 1 },
    paletteOf(createTheme(false, false)),
  );
  expect(shown(canvas, 1, { x: 49, y: 0.1, isUp: false })[0]).toMatch(/^#{4,5}@\.{4,5}$/);
});

test("a pen that is not on its stroke inks nothing", () => {
  const line = plan([
    [0, 0],
    [100, 0],
    [100, 100],
  ]);
  expect(inkUnderPen(line, 1, { x: 50, y: 3, isUp: false })).toEqual([]);
  expect(inkUnderPen(line, 1, { x: 100, y: 40, isUp: false })).toEqual([
    [0, 0, 100, 0],
    [100, 0, 100, 40],
  ]);
});

test("ink drawn point by point is the ink drawn at once", () => {
  const spiral = plan(
    Array.from({ length: 200 }, (_, i): [number, number] => [i * Math.cos(i / 9), i * Math.sin(i / 9)]),
    [[0, 0]],
    [
      [5, 5],
      [9, 80],
    ],
  );
  const once = new DotGrid(40, 20, BRAILLE);
  const steps = new DotGrid(40, 20, BRAILLE);
  const projection = projectPlan(spiral, once);
  drawInk(spiral, once, projection, 0, 203);
  for (let i = 0; i < 203; i++) drawInk(spiral, steps, projection, i, i + 1);
  expect(steps.cells).toEqual(once.cells);
});

test("zooming out ends at the whole, panning at the edge", () => {
  expect(zoomLook(ALL, 0.5)).toEqual(ALL);
  let look = zoomLook(ALL, 4);
  for (let i = 0; i < 50; i++) look = moveLook(look, 1, -1);
  expect(look).toEqual({ zoom: 4, centerX: 1, centerY: 0 });
});

test("panes never overlap nor leave the screen, whatever its size and whichever is asked for", () => {
  for (let columns = 40; columns <= 300; columns += 26) {
    for (let rows = 6; rows <= 100; rows += 5) {
      for (const focus of PANES) {
        for (const isOpen of [false, true]) {
          const counts = { jobs: 10, devices: 3, alerts: 2 };
          const places = arrange({ columns, rows, counts, focus, isOpen });
          expectApart(places, columns, rows);
          if (!isOpen && rows >= 12) expect(places.map(({ pane }) => pane)).toContain<PaneName>(focus);
        }
      }
    }
  }
});

test("from 40x12 up every size shows the jobs unless another pane is asked for", () => {
  for (const [columns, rows] of [
    [40, 12],
    [80, 24],
    [120, 40],
    [300, 100],
  ] as const) {
    const counts = { jobs: 2, devices: 1, alerts: 0 };
    const places = arrange({ columns, rows, counts, focus: "jobs", isOpen: false });
    expect(places.find(({ pane }) => pane === "jobs")!.height).toBeGreaterThan(2);
  }
});

function expectApart(places: readonly Place[], columns: number, rows: number): void {
  const isInside = places.every(
    ({ left, top, width, height }) =>
      left >= 0 && left + width <= columns && top > 0 && top + height <= rows - 2 && height > 1 && width > 0,
  );
  const overlap = places.find((a, i) =>
    places
      .slice(i + 1)
      .some(
        (b) =>
          a.left < b.left + b.width &&
          b.left < a.left + a.width &&
          a.top < b.top + b.height &&
          b.top < a.top + a.height,
      ),
  );
  expect({ columns, rows, isInside, overlap }).toEqual({ columns, rows, isInside: true, overlap: undefined });
}

test("typing, deleting, pasting with Enter and leaving a prompt", () => {
  const empty: Prompt = { kind: "filter", text: "" };
  const edit = (prompt: Prompt, name: string, text = name) =>
    editPrompt(prompt, name, text, ({ text: t }) => `${t}!`);
  expect(edit(empty, "a")).toEqual({ type: "typing", prompt: { kind: "filter", text: "a" } });
  expect(edit({ ...empty, text: "aé" }, "backspace", "")).toMatchObject({ prompt: { text: "a" } });
  expect(edit(empty, "backspace", "")).toEqual({ type: "left" });
  expect(edit(empty, "wav\n", "wav\n")).toEqual({ type: "done", prompt: { kind: "filter", text: "wav" } });
  expect(edit(empty, "tab", "")).toMatchObject({ prompt: { text: "!" } });
  expect(edit({ ...empty, text: "x" }, "escape", "")).toEqual({ type: "left" });
});

test("throughput forgets what is older than it keeps, and counts whole seconds", () => {
  const throughput = new Throughput();
  for (let i = 0; i < 7; i++) throughput.count("jobs", 5000 + i);
  throughput.count("device", 6500);
  expect(throughput.series("jobs", 4, 7000)).toEqual([0, 0, 7, 0]);
  expect(throughput.series("device", 2, 7000)).toEqual([0, 1]);
  expect(throughput.series("jobs", 200, 500_000).every((count) => count === 0)).toBe(true);
});

test("a sparkline is as high as the share of its largest value", () => {
  expect(sparkline([0, 1, 8], createTheme(false, true))).toBe(" ▁█");
  expect(sparkline([0, 0], createTheme(false, true))).toBe("  ");
});
