import type { Clock } from "../../shared/clock.ts";
import type { Point } from "../../shared/geometry.ts";
import type { PlanPosition } from "../../shared/plan.ts";
import { diskTrouble } from "./disk-trouble.ts";
import type { FromDriver, PlotTask, StoppedReport } from "./driver-messages.ts";
import { PositionJournal } from "./journal.ts";
import { locateOnPlan } from "./locate.ts";
import type { MachineModel } from "./models.ts";
import { openPlan, type PlanFile } from "./plan-file.ts";
import { haltedFor, type PlotControl } from "./plot-control.ts";
import { PlotStream } from "./plot-stream.ts";
import { type PlotWatch, watchPlot } from "./plot-watch.ts";
import type { Plotter } from "./plotter.ts";
import type { PowerWatch } from "./power-watch.ts";
import { progressAt } from "./progress.ts";

export interface PlotRunOptions {
  readonly task: PlotTask;
  readonly plotter: Plotter;
  readonly model: MachineModel;
  readonly control: PlotControl;
  readonly power: PowerWatch;
  readonly clock: Clock;
  readonly send: (message: FromDriver) => void;
  readonly onPlace: (place: Point, penUp: boolean) => void;
  readonly onPowerLost: () => void;
  readonly onPowerBack: () => void;
  readonly onCountLost: () => void;
}

/** One job on one machine, from where it stands to where it stops. */
export class PlotRun {
  readonly #options: PlotRunOptions;
  #stream: PlotStream | null = null;

  constructor(options: PlotRunOptions) {
    this.#options = options;
  }

  /** The newest position that is known to have been executed. */
  get at(): PlanPosition {
    return this.#stream?.tracker.position ?? this.#options.task.from;
  }

  /** Rejects when the machine fails or the plan cannot be read. The journal is closed when it settles. */
  async run(): Promise<StoppedReport> {
    const { task, send } = this.#options;
    const plan = await openPlan(task.planFile);
    const journal = new PositionJournal(task.journalFile, diskTrouble(task.jobId, send));
    try {
      const from = task.foundAt ? await locateOnPlan(plan, task.from, task.foundAt) : task.from;
      journal.write(from);
      return await this.#draw(plan, journal, from);
    } finally {
      await journal.close(); // what the daemon does next may rest on it
      await plan.close();
    }
  }

  async #draw(plan: PlanFile, journal: PositionJournal, from: PlanPosition): Promise<StoppedReport> {
    const { task, send } = this.#options;
    const stream = this.#newStream(plan, from);
    this.#stream = stream;
    const watch = this.#watch(plan, stream, journal);
    const end = await stream.run().finally(() => watch.end());
    const lastSure = await watch.lastSure;
    const fault = haltedFor(this.#options.control);
    if (fault?.code === "device.position-unknown") throw fault; // a board that was reset is taken in anew
    if (fault) {
      const { jobId } = task;
      return { jobId, outcome: "failed", at: lastSure ?? from, reason: fault.message, error: fault.toBody() };
    }
    journal.write(end.at);
    send({ type: "report", jobId: task.jobId, report: await progressAt(plan, end.at) });
    return { jobId: task.jobId, ...end };
  }

  #newStream(plan: PlanFile, from: PlanPosition): PlotStream {
    const { task, plotter, model, control, send } = this.#options;
    const { jobId, resumed, inkLeftMm, junctionDeviationMm } = task;
    const onPenDown = () => send({ type: "inked", jobId });
    return new PlotStream({
      ...{ plan, plotter, model, control, from, resumed, inkLeftMm, junctionDeviationMm, onPenDown },
    });
  }

  #watch(plan: PlanFile, stream: PlotStream, journal: PositionJournal): PlotWatch {
    const { task, plotter, power, clock, send, onPlace } = this.#options;
    const { onPowerLost, onPowerBack, onCountLost } = this.#options;
    return watchPlot({
      ...{ plotter, tracker: stream.tracker, journal, power, clock, onPowerLost, onPowerBack, onCountLost },
      onPlace: async (at, place, penUp) => {
        const report = await progressAt(plan, at);
        send({ type: "report", jobId: task.jobId, report });
        onPlace(place, penUp);
      },
      onButton: () => send({ type: "button" }),
    });
  }
}
