import { sleep, systemClock } from "../../shared/clock.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { Point } from "../../shared/geometry.ts";
import { kindOfMove, type PlanPosition } from "../../shared/plan.ts";
import type { PositionJournal } from "./journal.ts";
import type { PlotStream } from "./plot-stream.ts";
import type { Plotter } from "./plotter.ts";
import type { PowerWatch } from "./power-watch.ts";

/** Real time between two rounds of questions; leaves room for a last word within ten a second. */
const ASK_EVERY_MS = 120;

export interface WatchOptions {
  readonly plotter: Plotter;
  readonly stream: PlotStream;
  readonly journal: PositionJournal;
  readonly power: PowerWatch;
  readonly onPlace: (at: PlanPosition, place: Point, penUp: boolean) => void;
  readonly onButton: () => void;
  readonly onPowerLost: () => void;
}

/**
 * While a plot is drawn: asks the board, in line with its commands, where it is, whether its motors have power and whether its
 * button was pressed; keeps the place in the journal as long as the carriage certainly went there.
 *
 * @param done ends it
 * @returns the last such place, or null when there was none
 */
export async function watchPlot(options: WatchOptions, done: AbortSignal): Promise<PlanPosition | null> {
  const { plotter, stream, journal, power, onPlace, onButton, onPowerLost } = options;
  let lastSure: PlanPosition | null = null;
  try {
    while (!done.aborted) {
      const sentBefore = stream.tracker.mark();
      const [place, supply, pressed] = await Promise.all([
        plotter.executedPosition(),
        plotter.motorPower(),
        plotter.buttonPressed(),
      ]);
      if (done.aborted) break;
      if (pressed) onButton();
      if (power.read(supply.powered) === "lost") onPowerLost();
      const at = stream.tracker.executed(place, sentBefore);
      if (power.isSure) {
        journal.write(at);
        lastSure = at;
      }
      onPlace(at, place, kindOfMove(at.move) !== "draw");
      await sleep(systemClock, ASK_EVERY_MS, done);
    }
  } catch (error) {
    // The stream meets the same fault and tells it; an aborted sleep is the end of the plot.
    if (!done.aborted && !(error instanceof PlottyError)) throw error;
  }
  return lastSure;
}
