import type { WireServer } from "../test/support/wire-server.ts";
import { openMonitor } from "./cli-start.ts";
import { type Load, publish, rssMb } from "./cli-traffic.ts";

const LOOK_EVERY_MS = 500;

/**
 * Memory of the monitor while events come: the least of the last third against the least of the middle one, so that neither
 * warming up nor the teeth of the garbage collector count as growth.
 */
export async function soak(daemon: WireServer, load: Load): Promise<{ grownMb: number; mostMb: number }> {
  const child = openMonitor(daemon.url, load.columns, load.rows);
  child.onData(() => {});
  const exited = new Promise<void>((resolve) => child.onExit(() => resolve()));
  const seen: number[] = [];
  const timer = setInterval(() => seen.push(rssMb(child.pid)), LOOK_EVERY_MS);
  await publish(daemon, load);
  clearInterval(timer);
  child.write("q");
  await exited;
  const third = Math.floor(seen.length / 3);
  return {
    grownMb: Math.min(...seen.slice(2 * third)) - Math.min(...seen.slice(third, 2 * third)),
    mostMb: Math.max(...seen),
  };
}
