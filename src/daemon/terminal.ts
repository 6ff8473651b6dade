import { closeSync, openSync } from "node:fs";

/**
 * Whether this process had a terminal and has lost it: then SIGHUP says that somebody closed its window; else that
 * somebody wants the configuration read anew.
 *
 * @param hadTerminal as it was when the process began
 */
export function hasLostTerminal(hadTerminal: boolean): boolean {
  if (!hadTerminal) return false;
  try {
    closeSync(openSync("/dev/tty", "r"));
    return false;
  } catch {
    return true; // what the system says without one: ENXIO
  }
}
