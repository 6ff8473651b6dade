import { expect, test } from "vitest";
import { createEbbPlotter } from "../../../src/daemon/device/ebb/ebb-plotter.ts";
import { simulate } from "../../../src/daemon/device/link/sim-link.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import type { Plotter } from "../../../src/daemon/device/plotter.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const model = machineModel("axidraw_v3");
const never = new AbortController().signal;

function line(plotter: Plotter, toX: number, toY: number, speed: number, accel: number) {
  const from = plotter.queuedPosition;
  const length = Math.hypot(toX - from.x, toY - from.y);
  return { from, length, speed, accel, toX, toY };
}

/** A straight line from and to standstill as slices of at most 20 ms. */
async function draw(plotter: Plotter, toX: number, toY: number, speed = 50, accel = 200): Promise<void> {
  const { from, length } = line(plotter, toX, toY, speed, accel);
  if (length === 0) return;
  const peak = Math.min(speed, Math.sqrt(length * accel));
  const rampS = peak / accel;
  const cruiseS = (length - peak * rampS) / peak;
  const totalS = 2 * rampS + cruiseS;
  const speedAt = (t: number) => Math.min(peak, accel * t, Math.max(0, accel * (totalS - t)));
  const wayAt = (t: number) => {
    if (t <= rampS) return (accel * t * t) / 2;
    if (t <= rampS + cruiseS) return (peak * rampS) / 2 + peak * (t - rampS);
    return length - (accel * (totalS - t) ** 2) / 2;
  };
  const times = [0];
  for (const endS of [rampS, rampS + cruiseS, totalS]) {
    const startS = times.at(-1)!;
    const count = Math.ceil((endS - startS - 1e-12) / 0.02);
    for (let i = 1; i <= count; i++) times.push(startS + ((endS - startS) * i) / count);
  }
  for (let i = 1; i < times.length; i++) {
    const share = wayAt(times[i]!) / length;
    await plotter.move({
      to: { x: from.x + (toX - from.x) * share, y: from.y + (toY - from.y) * share },
      durationS: times[i]! - times[i - 1]!,
      startMmPerS: speedAt(times[i - 1]!),
      endMmPerS: speedAt(times[i]!),
    });
  }
}

for (const firmware of ["2.5.3", "2.8.1", "3.0.2"]) {
  test(`a 10 mm square drawn on firmware ${firmware} has its corners where they belong and never starves`, async () => {
    const clock = new FakeClock();
    const { board, link } = simulate({ clock, model, firmware });
    const plotter = createEbbPlotter({ link, model, clock });
    const info = await clock.runUntil(plotter.open(never));
    expect(info).toMatchObject({ firmware, positionKnown: false });
    await clock.runUntil(
      (async () => {
        await draw(plotter, 20, 20, 200, 400);
        await plotter.lowerPen(0.12);
        for (const [x, y] of [
          [30, 20],
          [30, 30],
          [20, 30],
          [20, 20],
        ] as const) {
          await draw(plotter, x, y);
        }
        await plotter.raisePen(0.12);
        await draw(plotter, 0, 0, 200, 400);
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
