import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built file of a process or thread of its own: beside this one in `dist`, or in `dist` when run from the sources. */
export function entryPoint(name: "driver-process" | "prepare-worker" | "wait-bar-thread"): string {
  const beside = new URL(`./${name}.js`, import.meta.url);
  const built = new URL(`../../dist/${name}.js`, import.meta.url);
  return fileURLToPath(existsSync(beside) ? beside : built);
}
