import { createEbbPlotter } from "../../src/daemon/device/ebb/ebb-plotter.ts";
import { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { createSimLink } from "../../src/daemon/device/link/sim-link.ts";
import type { ExecutedMove } from "../../src/daemon/device/link/sim-mechanics.ts";
import { machineModel } from "../../src/daemon/device/models.ts";
import { openPlanBytes } from "../../src/daemon/device/plan-file.ts";
import type { PlotControl, PlotEnd } from "../../src/daemon/device/plot-control.ts";
import { PlotStream } from "../../src/daemon/device/plot-stream.ts";
import { encodePlan } from "../../src/daemon/motion/plan-codec.ts";
import { type MotionPlan, PLAN_START } from "../../src/shared/plan.ts";
import { FakeClock } from "./fake-clock.ts";
import { sentCommands } from "./sent-commands.ts";

export interface Plotted {
  readonly board: SimBoard;
  /** Every motor move of the plot, in order. */
  readonly moves: readonly ExecutedMove[];
  /** Every command of the plot, in order. */
  readonly sent: readonly string[];
  /** Of the plot, s of the board's time. */
  readonly tookS: number;
}

/**
 * Draws a plan on a simulated board, in no time.
 *
 * @param pausesAtS board's time from the beginning at which it is paused, once each, and then resumed
 */
export async function plotted(
  plan: MotionPlan,
  firmware: string,
  pausesAtS: readonly number[] = [],
): Promise<Plotted> {
  const clock = new FakeClock();
  const model = machineModel("axidraw_v3");
  const board = new SimBoard({ clock, model, firmware });
  const link = createSimLink(board);
  const sent = sentCommands(link);
  const plotter = createEbbPlotter({ link, model, clock });
  await clock.runUntil(plotter.open(new AbortController().signal));
  const moves: ExecutedMove[] = [];
  board.onMove((move) => moves.push(move));
  const control: PlotControl = { request: null, tuning: {} };
  const file = await openPlanBytes(encodePlan(plan));
  const startMs = clock.monotonicMs();
  for (const atS of pausesAtS) {
    clock.after(1000 * atS, () => {
      control.request = { type: "pause", reason: "asked" };
    });
  }
  let end: PlotEnd = { outcome: "paused", at: PLAN_START, reason: "" };
  for (let run = 0; end.outcome === "paused"; run++) {
    control.request = null;
    const stream = new PlotStream({
      ...{ plan: file, plotter, model, control, from: end.at, resumed: run > 0, inkLeftMm: {} },
      ...{ junctionDeviationMm: 0.127, onPenDown: () => undefined },
    });
    end = await clock.runUntil(stream.run());
  }
  return { board, moves, sent, tookS: (clock.monotonicMs() - startMs) / 1000 };
}
