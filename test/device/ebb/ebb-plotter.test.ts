import { expect, test } from "vitest";
import { createEbbPlotter } from "../../../src/daemon/device/ebb/ebb-plotter.ts";
import { simulate } from "../../../src/daemon/device/link/sim-link.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import { drawLine } from "../../support/draw.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const model = machineModel("axidraw_v3");
const TRAVEL = { speed: 200, accel: 400 };
const DRAWING = { speed: 50, accel: 200 };
const never = new AbortController().signal;

for (const firmware of ["2.5.3", "2.8.1", "3.0.2"]) {
  test(`a 10 mm square drawn on firmware ${firmware} has its corners where they belong and never starves`, async () => {
    const clock = new FakeClock();
    const { board, link } = simulate({ clock, model, firmware });
    const plotter = createEbbPlotter({ link, model, clock });
    const info = await clock.runUntil(plotter.open(never));
    expect(info).toMatchObject({ firmware, positionKnown: false });
    await clock.runUntil(
      (async () => {
        await drawLine(plotter, { x: 20, y: 20 }, TRAVEL);
        await plotter.lowerPen(0.12);
        for (const [x, y] of [
          [30, 20],
          [30, 30],
          [20, 30],
          [20, 20],
        ] as const) {
          await drawLine(plotter, { x, y }, DRAWING);
        }
        await plotter.raisePen(0.12);
        await drawLine(plotter, { x: 0, y: 0 }, TRAVEL);
        await plotter.drained(never);
      })(),
    );
    expect(board.position).toEqual({ x: 0, y: 0 });
    const ink = board.ink();
    expect(ink).toHaveLength(1);
    const points = ink[0]!;
    for (let i = 0; i < points.length; i += 2) {
      const dx = Math.abs(points[i]! - 25);
      const dy = Math.abs(points[i + 1]! - 25);
      expect(Math.abs(Math.max(dx, dy) - 5)).toBeLessThan(0.02);
    }
    expect(board.starvations).toBe(0);
    expect(plotter.starvations).toBe(0);
  });
}
