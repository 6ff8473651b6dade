import { expect, onTestFinished, test } from "vitest";
import { penSchema } from "../../src/daemon/config-schema.ts";
import { openDatabase } from "../../src/daemon/database.ts";
import { Odometer } from "../../src/daemon/jobs/odometer.ts";
import { dataDir } from "../support/data-dir.ts";

const PENS = { black: penSchema.parse({ max_metres: 2 }), red: penSchema.parse({}) };

function report(inkMm: number, strokes: number) {
  return { at: { move: 0, mm: 0 }, progress: 0, remainingS: 0, layer: 0, pointsPlotted: 0, inkMm, strokes };
}

test("a pen's metres and lifts are counted from where a run begins, and outlive the daemon", () => {
  const path = dataDir();
  const database = openDatabase(path);
  const odometer = new Odometer(database, PENS);
  odometer.begin("rose");
  odometer.note("rose", "black", report(300, 4));
  odometer.note("rose", "black", report(1500, 7));
  odometer.save();
  database.close();
  const again = openDatabase(path);
  onTestFinished(() => again.close());
  const next = new Odometer(again, PENS);
  expect(next.wear()).toEqual([{ pen: "black", metres: 1.2, metresSinceChange: 1.2, lifts: 3 }]);
  expect(next.inkLeftMm()).toEqual({ black: 800 });
});

test("a changed pen begins at 0 and keeps its life's count; a pen without limit has no ink left to tell", () => {
  const database = openDatabase(dataDir());
  onTestFinished(() => database.close());
  const odometer = new Odometer(database, PENS);
  odometer.begin("rose");
  odometer.note("rose", "black", report(0, 0));
  odometer.note("rose", "black", report(1999, 1));
  odometer.changed("black");
  expect(odometer.inkLeftMm()).toEqual({ black: 2000 });
  expect(odometer.wear()[0]).toMatchObject({ metres: 1.999, metresSinceChange: 0 });
});
