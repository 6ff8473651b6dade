import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { PlottyError } from "../../shared/errors.ts";
import { isFullDisk } from "../store-error.ts";

/** Of a plan at most this much waits to be written. */
const AT_ONCE = 256 * 1024;

/**
 * Writes a plan to disk while it is made; whoever opens the file finds all of it or none.
 *
 * @param make hands on the plan's bytes in order; when it throws, or the disk is full, nothing is left of the plan
 * @returns what `make` does
 * @throws PlottyError `disk.full`
 */
export function keepPlan<T>(planFile: string, make: (write: (bytes: Uint8Array) => void) => T): T {
  const part = `${planFile}.part`;
  try {
    mkdirSync(dirname(planFile), { recursive: true });
    const made = writeThrough(part, make);
    renameSync(part, planFile);
    return made;
  } catch (error) {
    rmSync(part, { force: true });
    throw isFullDisk(error) ? diskFull(error) : error;
  }
}

function writeThrough<T>(path: string, make: (write: (bytes: Uint8Array) => void) => T): T {
  const file = openSync(path, "w", 0o600);
  try {
    const buffer = new Uint8Array(AT_ONCE);
    let filled = 0;
    const flush = () => {
      for (let written = 0; written < filled; ) written += writeSync(file, buffer, written, filled - written);
      filled = 0;
    };
    const made = make((bytes) => {
      for (let taken = 0; taken < bytes.length; ) {
        if (filled === AT_ONCE) flush();
        const some = bytes.subarray(taken, taken + AT_ONCE - filled);
        buffer.set(some, filled);
        filled += some.length;
        taken += some.length;
      }
    });
    flush();
    fsyncSync(file);
    return made;
  } finally {
    closeSync(file);
  }
}

function diskFull(cause: unknown): PlottyError {
  const why = "the plan could not be kept: the disk is full: free some room and retry the job";
  return new PlottyError("disk.full", why, {}, cause);
}
