import { PlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Machine } from "../device/machine.ts";
import type { JobRecord } from "./job-record.ts";

/** Whether the machine is the one for a queued job: asked for or fit for it, with fresh paper where the job needs it. */
export function fits(job: JobRecord, machine: Machine, config: Config): boolean {
  if (job.hold || (job.device !== null && job.device !== machine.id)) return false;
  if (job.plan?.model !== machine.state.device.model) return false;
  const isUnfinished = job.state.name === "QUEUED" && job.state.at !== undefined;
  const hasPaper = machine.state.isReady || !machine.state.requiresReady || !config.queue.confirm_paper;
  return isUnfinished || hasPaper;
}

/** Throws why the machine cannot go on with its job just now. */
export function demandFree(machine: Machine, job: JobRecord): void {
  const { state } = machine;
  const facts = { device: machine.id, job: job.id };
  if (!state.isConnected) {
    const why = state.reason ?? "it is away";
    throw new PlottyError(
      "device.unavailable",
      `${machine.id} is not connected (${why}): resume again when it is`,
      facts,
    );
  }
  if (state.isFaulty || state.inMaintenance) {
    const why = state.reason ?? "it is in maintenance";
    throw new PlottyError("device.unavailable", `${machine.id} cannot draw: ${why}`, facts);
  }
  if (state.isPositionLost) {
    throw new PlottyError(
      "device.position-unknown",
      `${machine.id} does not know where it is: switch its motors off, push the carriage to the origin, then plotty device home`,
      facts,
    );
  }
  if (machine.isMoving) {
    throw new PlottyError("device.busy", `${machine.id} is being moved: resume again when it stands`, facts);
  }
  if (state.isDrawing || (state.jobId !== null && state.jobId !== job.id)) {
    throw new PlottyError(
      "device.busy",
      `${machine.id} is taken by ${state.jobId}: wait for it or cancel it`,
      facts,
    );
  }
}
