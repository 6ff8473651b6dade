import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join as joinPath } from "node:path";
import { StageClock } from "./plan-result.ts";

/**
 * `node plan-saxi.js BENCH_DIR FILE WIDTH HEIGHT JOIN`: the same through the modules of saxi 0.15.0, called as its command calls
 * them: parse (svgdom), flatten, then its `replan`, whose stages it tells through `console.time`.
 */
const [benchDir, file, width, height, join] = process.argv.slice(2) as [string, ...string[]];
const require = createRequire(joinPath(benchDir, "package.json"));
const saxi = (module: string): string => require.resolve(`saxi/dist/server/${module}`);
const fromSaxi = createRequire(saxi("cli.js"));

interface Vec {
  readonly x: number;
  readonly y: number;
}
interface SaxiBlock {
  readonly distance: number;
}
interface SaxiPlan {
  readonly motions: readonly { readonly blocks?: readonly SaxiBlock[]; readonly initialPos?: number }[];
  duration(): number;
}
interface Modules {
  readonly svgdom: { Window: new () => { document: { documentElement: { innerHTML: string } } } };
  readonly flatten: {
    flattenSVG(svg: unknown, options: object): { points: [number, number][]; stroke: string }[];
  };
  readonly massager: { replan(paths: Vec[][], options: object): SaxiPlan };
  readonly planning: { defaultPlanOptions: object };
  readonly paper: { PaperSize: new (size: Vec) => object };
}

const modules: Modules = {
  svgdom: fromSaxi("svgdom"),
  flatten: fromSaxi("flatten-svg"),
  massager: fromSaxi(saxi("massager.js")),
  planning: fromSaxi(saxi("planning.js")),
  paper: fromSaxi(saxi("paper-size.js")),
};

const clock = new StageClock();
console.time = () => clock.lap("place");
console.timeEnd = (label = "") => clock.lap(STAGES[label] ?? label);
const STAGES: Readonly<Record<string, string>> = {
  "sorting paths": "order",
  "joining nearby paths": "order",
  "planning pen motions": "plan",
};

const window = new modules.svgdom.Window();
window.document.documentElement.innerHTML = readFileSync(file!, "utf8");
clock.lap("read");
const flat = modules.flatten.flattenSVG(window.document.documentElement, {});
const paths = flat.map((line) =>
  Object.assign(
    line.points.map(([x, y]) => ({ x, y })),
    { stroke: line.stroke },
  ),
);
clock.lap("read");
const plan = modules.massager.replan(paths, {
  ...modules.planning.defaultPlanOptions,
  paperSize: new modules.paper.PaperSize({ x: Number(width), y: Number(height) }),
  ...{ marginMm: 0, fitPage: false, cropToMargins: true, layerMode: "all", pathJoinRadius: Number(join) },
});
const plannedS = plan.duration();
clock.lap("plan");
clock.tell(() => ({ ...inkAndTravel(plan), plannedS }));

/** Moves alternate: travel, pen down, draw, pen up, …; lengths are in steps of 0.2 mm. */
function inkAndTravel({ motions }: SaxiPlan): { inkMm: number; travelMm: number; lifts: number } {
  const sums = { inkMm: 0, travelMm: 0, lifts: 0 };
  let isDown = false;
  for (const { blocks } of motions) {
    if (!blocks) {
      isDown = !isDown;
      if (isDown) sums.lifts++;
      continue;
    }
    let lengthMm = 0;
    for (const { distance } of blocks) lengthMm += distance / 5;
    sums[isDown ? "inkMm" : "travelMm"] += lengthMm;
  }
  return sums;
}
