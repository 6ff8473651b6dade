import { createEbbPlotter } from "../../src/daemon/device/ebb/ebb-plotter.ts";
import { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { createSimLink } from "../../src/daemon/device/link/sim-link.ts";
import type { ExecutedMove } from "../../src/daemon/device/link/sim-mechanics.ts";
import { machineModel } from "../../src/daemon/device/models.ts";
import { openPlanBytes } from "../../src/daemon/device/plan-file.ts";
import { PlotStream } from "../../src/daemon/device/plot-stream.ts";
import { encodePlan } from "../../src/daemon/motion/plan-codec.ts";
import { type MotionPlan, PLAN_START } from "../../src/shared/plan.ts";
import { FakeClock } from "./fake-clock.ts";

export interface Plotted {
  readonly board: SimBoard;
  /** Every motor move of the plot, in order. */
  readonly moves: readonly ExecutedMove[];
  /** Of the plot, s of the board's time. */
  readonly tookS: number;
}

/** Draws a plan on a simulated board, in no time. */
export async function plotted(plan: MotionPlan, firmware: string): Promise<Plotted> {
  const clock = new FakeClock();
  const model = machineModel("axidraw_v3");
  const board = new SimBoard({ clock, model, firmware });
  const plotter = createEbbPlotter({ link: createSimLink(board), model, clock });
  await clock.runUntil(plotter.open(new AbortController().signal));
  const moves: ExecutedMove[] = [];
  board.onMove((move) => moves.push(move));
  const stream = new PlotStream({
    ...{ plan: await openPlanBytes(encodePlan(plan)), plotter, model, from: PLAN_START, resumed: false },
    ...{ control: { request: null, tuning: {} }, inkLeftMm: {}, junctionDeviationMm: 0.127 },
    onPenDown: () => undefined,
  });
  const startMs = clock.monotonicMs();
  await clock.runUntil(stream.run());
  return { board, moves, tookS: (clock.monotonicMs() - startMs) / 1000 };
}
