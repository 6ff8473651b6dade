import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { MotionPlan } from "../../shared/plan.ts";
import { writePlan } from "../motion/plan-writer.ts";

/** Of a plan at most this much waits to be written. */
const AT_ONCE = 256 * 1024;

/** Writes a plan to disk, a piece at a time; whoever opens the file finds all of it or none. @returns the plan's name */
export function keepPlan(plan: MotionPlan, planFile: string): string {
  mkdirSync(dirname(planFile), { recursive: true });
  const part = `${planFile}.part`;
  const file = openSync(part, "w", 0o600);
  try {
    const buffer = new Uint8Array(AT_ONCE);
    let filled = 0;
    const flush = () => {
      for (let written = 0; written < filled; ) written += writeSync(file, buffer, written, filled - written);
      filled = 0;
    };
    const hash = writePlan(plan, (bytes) => {
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
    renameSync(part, planFile);
    return hash;
  } finally {
    closeSync(file);
  }
}
