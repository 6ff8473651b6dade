import { expect, test } from "vitest";
import { readSvg } from "../../src/daemon/svg/read-svg.ts";

test("a 10 mm line in a drawing of 100 mm is 10 mm long", () => {
  const drawing = readSvg(
    '<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="100mm" viewBox="0 0 100 100"><line x1="10" y1="20" x2="20" y2="20"/></svg>',
    { toleranceMm: 0.01, layers: "inkscape" },
  );
  expect(drawing.page.widthMm).toBeCloseTo(100, 9);
  expect([...drawing.strokes[0]!.points].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
    10, 20, 20, 20,
  ]);
});
