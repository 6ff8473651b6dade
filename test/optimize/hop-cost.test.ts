import fc from "fast-check";
import { expect, test } from "vitest";
import { travelTimeS } from "../../src/daemon/motion/travel-time.ts";
import { HopCost } from "../../src/daemon/optimize/hop-cost.ts";
import type { OptimizeSettings, TravelLimits } from "../../src/shared/plot-settings.ts";

function costOf(penUp: TravelLimits, typicalMm: number): HopCost {
  const settings: OptimizeSettings = {
    ...{ preset: "fast", joinMm: 0.5, keepOrder: false, dropDoubles: true },
    ...{ penUp, penCycleS: 0.24 },
  };
  return new HopCost(settings, typicalMm);
}

const PLAIN = { speedMmPerS: 200, accelMmPerS2: 400 };
const SOFT = { ...PLAIN, jerkMmPerS3: 4000 };
const hop = fc.double({ min: 0.6, max: 400, noNaN: true });

test("a hop costs the planned time of its travel and of the pen, with a jerk and without: 200 mm 1.84 s and 1.74 s", () => {
  expect(costOf(SOFT, 10).planned(120, 160)).toBeCloseTo(1.84, 9);
  expect(costOf(PLAIN, 10).planned(120, 160)).toBeCloseTo(1.74, 9);
  for (const penUp of [PLAIN, SOFT]) {
    fc.assert(
      fc.property(hop, (mm) => {
        expect(costOf(penUp, 10).planned(mm, 0)).toBeCloseTo(0.24 + travelTimeS(mm, { penUp }), 9);
      }),
    );
  }
});

test("what the search sees is the planned time at the typical hop, and grows with it there as fast", () => {
  for (const penUp of [PLAIN, SOFT]) {
    fc.assert(
      fc.property(fc.double({ min: 0.6, max: 90, noNaN: true }), (typicalMm) => {
        const cost = costOf(penUp, typicalMm);
        const seen = (mm: number) => cost.fixedS + cost.sPerMm * mm;
        expect(seen(typicalMm)).toBeCloseTo(cost.planned(typicalMm, 0), 5);
        const furtherMm = typicalMm * 1.01;
        expect(Math.abs(seen(furtherMm) - cost.planned(furtherMm, 0))).toBeLessThan(1e-4);
      }),
    );
  }
});

test("typical hops beyond the way to full speed grow by 5 ms a mm, with a jerk too", () => {
  expect(costOf(SOFT, 300).sPerMm).toBeCloseTo(1 / 200, 9);
  expect(costOf(PLAIN, 300).sPerMm).toBeCloseTo(1 / 200, 9);
});
