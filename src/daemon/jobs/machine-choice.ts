import { PlottyError } from "../../shared/errors.ts";
import type { Config } from "../config-schema.ts";
import type { Devices } from "../device/devices.ts";
import type { Machine } from "../device/machine.ts";
import type { JobRecord } from "./job-record.ts";

/** Whether the machine is the one for a queued job: asked for or fit for it, with fresh paper where the job needs it. */
export function fits(job: JobRecord, machine: Machine, config: Config): boolean {
  if (!isFor(job, machine) || job.plan?.model !== machine.state.device.model) return false;
  return hasBegun(job) || hasPaper(machine, config);
}

/**
 * Whether a queued job, planned for another model, could be planned for this machine: it was asked for, the whole drawing fits it, or
 * there is no machine of the other model. A job that has begun stays with the model it began on.
 *
 * @param models of all machines
 */
export function couldFit(
  job: JobRecord,
  machine: Machine,
  config: Config,
  models: ReadonlySet<string>,
): boolean {
  if (!isFor(job, machine) || hasBegun(job) || !hasPaper(machine, config)) return false;
  const { model } = machine.state.device;
  if (!job.plan || job.plan.model === model) return false;
  if (job.device === machine.id || !models.has(job.plan.model)) return true;
  return (job.plan.fitsModels ?? []).includes(model);
}

/** A model to plan for, and how many times longer than planned its machine takes. */
export interface PlanTarget {
  readonly model: string;
  readonly timeFactor: number;
}

/**
 * The models that a job can be planned for, without repeats: of the machine it was asked for, or of all machines, those that could
 * begin at once first. Without any machine it is the model of the configuration.
 */
export function planTargets(devices: Devices, config: Config, device: string | null): PlanTarget[] {
  const machines = device === null ? readyFirst(devices.all(), config) : [devices.machine(device)];
  const targets = new Map<string, PlanTarget>();
  for (const { state } of machines) {
    const { model } = state.device;
    if (!targets.has(model)) targets.set(model, { model, timeFactor: state.timeFactor });
  }
  if (targets.size > 0) return [...targets.values()];
  return [{ model: config.devices[0]?.model ?? "axidraw_v3", timeFactor: 1 }];
}

function readyFirst(machines: readonly Machine[], config: Config): Machine[] {
  const isReady = (machine: Machine): boolean =>
    machine.state.canDraw && machine.state.jobId === null && hasPaper(machine, config);
  return [...machines.filter(isReady), ...machines.filter((machine) => !isReady(machine))];
}

function isFor(job: JobRecord, machine: Machine): boolean {
  return !job.hold && (job.device === null || job.device === machine.id);
}

/** Whether a queued job is to go on where it stopped, so that its paper is in its machine. */
export function hasBegun({ state }: JobRecord): boolean {
  return state.name === "QUEUED" && state.at !== undefined;
}

function hasPaper({ state }: Machine, config: Config): boolean {
  return state.isReady || !state.requiresReady || !config.queue.confirm_paper;
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
