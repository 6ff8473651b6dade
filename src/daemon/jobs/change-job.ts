import { isWaiting } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Config } from "../config-schema.ts";
import type { Devices } from "../device/devices.ts";
import type { JobPatch } from "../services.ts";
import { resolveSettings } from "../settings.ts";
import type { JobBook } from "./job-book.ts";
import type { JobRecord } from "./job-record.ts";
import { hasBegun } from "./machine-choice.ts";
import type { Planner } from "./planner.ts";
import { refused } from "./refused.ts";
import type { Runner } from "./runner.ts";

export interface ChangeJobOptions {
  readonly book: JobBook;
  readonly planner: Planner;
  readonly runner: Runner;
  readonly devices: Devices;
  readonly config: Config;
}

/**
 * Changes what was asked of a job. With other options, or for a machine of another model, it is planned anew.
 *
 * @throws PlottyError where its state does not allow the change: then nothing is changed
 */
export function changeJob(rooms: ChangeJobOptions, id: string, patch: JobPatch): JobView {
  const { book, planner, runner, devices, config } = rooms;
  const job = book.get(id);
  const device = patch.device == null ? patch.device : devices.machine(patch.device).id;
  demandPossible(job, { ...patch, device });
  const options = { ...job.options, ...patch.options };
  if (patch.options) resolveSettings(config, options);
  book.update(id, {
    options,
    ...(patch.name === undefined ? {} : { name: patch.name }),
    ...(patch.priority === undefined ? {} : { priority: patch.priority }),
    ...(patch.hold === undefined ? {} : { hold: patch.hold }),
    ...(device === undefined ? {} : { device }),
    ...(patch.position === undefined ? {} : { rank: rankAt(book, job, patch.position) }),
  });
  if (patch.options) planner.again(id);
  else if (device && isForOtherModel(job, devices, device)) planner.againFor(id, devices.machine(device));
  else runner.dispatch();
  return book.view(id);
}

function demandPossible(job: JobRecord, { options, position, device }: JobPatch): void {
  const waits = isWaiting(job.state.name);
  if (options && job.state.name !== "QUEUED") throw refused(job, "options change while it is QUEUED");
  if (position !== undefined && !waits) throw refused(job, "only a waiting job has a place in the queue");
  if (device !== undefined && device !== job.device && !(waits && !hasBegun(job))) {
    throw refused(job, "a job goes to another machine only before it has begun");
  }
}

function isForOtherModel({ state, plan }: JobRecord, devices: Devices, device: string): boolean {
  const { model } = devices.machine(device).state.device;
  return state.name === "QUEUED" && plan !== null && plan.model !== model;
}

/** Between its new neighbours among the waiting jobs of its priority. */
function rankAt(book: JobBook, job: JobRecord, position: number): number {
  const waiting = book.store.inStates("NEW", "PLANNING", "QUEUED");
  const others = waiting.filter((each) => each.id !== job.id && each.priority === job.priority);
  const before = others[Math.min(position, others.length) - 1];
  const after = others[position];
  if (!before) return (after?.rank ?? 1) - 1;
  return after ? (before.rank + after.rank) / 2 : before.rank + 1;
}
