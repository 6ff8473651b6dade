import { expect, test } from "vitest";
import { planMotion } from "../../src/daemon/motion/plan.ts";
import { listMoves } from "../../src/daemon/offline/list-moves.ts";
import { drawingOf, MOTION } from "../support/drawings.ts";

function planned(name: string) {
  const drawing = drawingOf([
    [0, 0],
    [100, 0],
  ]);
  return planMotion({ ...drawing, layers: [{ index: 0, name, pauseBefore: false }] }, MOTION);
}

test("a layer 2+S50+H30 is drawn at 25 mm/s instead of 50 and with the pen at 30 %, and the notes say so", () => {
  const { layers, totals, notes } = planned("2 +S50 +h30 shading");
  expect(layers[0]!.pen).toMatchObject({ speedMmPerS: 25, downPercent: 30 });
  // 100 mm at 25 mm/s and the 0.125 s that one speeding up and one braking at 200 mm/s² take.
  expect(totals.drawS).toBeCloseTo(4.125, 9);
  expect(notes).toEqual([
    'layer "2 +S50 +h30 shading" asks for 50 % speed: 25 mm/s',
    'layer "2 +S50 +h30 shading" asks for a pen-down height of 30 %',
  ]);
});

test("a wait asked for by +D500 is planned before the layer, half a second with the pen up; a plus elsewhere in a name means nothing", () => {
  const waiting = planned("!1+D500");
  expect(waiting.notes).toEqual(['layer "!1+D500" asks for a wait of 500 ms before it']);
  expect(waiting.totals.durationS - planned("!1").totals.durationS).toBeCloseTo(0.5, 9);
  const [wait, travel] = [...listMoves(waiting)];
  expect([wait!.kind, wait!.duration_s, travel!.start_s]).toEqual(["dwell", 0.5, 0.5]);
  expect(planned("sky +S50").layers[0]!.pen.speedMmPerS).toBe(50);
});
