import { constants, setPriority } from "node:os";
import { type Clock, fasterClock, systemClock } from "../../shared/clock.ts";
import { Driver } from "./driver.ts";
import type { FromDriver, ToDriver } from "./driver-messages.ts";

/**
 * The process that drives one plotter. Nothing a server, a planner or a thousand slow sockets do can delay it. When the
 * daemon dies, its channel closes: then it does what a pause does and ends.
 */
const LAST_WORD_MS = 4000;
const LOAD_EVERY_MS = 5000;

const send = (message: FromDriver) => {
  if (process.connected) process.send!(message, undefined, undefined, () => undefined);
};

let driver: Driver | null = null;

process.on("message", (message: ToDriver) => {
  if (message.type === "setup") {
    const { device } = message.setup;
    const clock: Clock = fasterClock(systemClock, device.driver === "virtual" ? device.speed : 1);
    driver = new Driver(message.setup, clock, send);
    void driver.run().then(() => process.exit(0));
    return;
  }
  if (message.type === "close") return end(message.park ? "park" : "stay");
  driver?.receive(message);
});

process.on("disconnect", () => end("stay"));
process.on("SIGTERM", () => end("stay"));
// Ctrl-C reaches the whole process group; the daemon decides what it means.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);

goFirst();
reportLoad();
send({ type: "alive" });

function end(ending: "park" | "stay"): void {
  if (!driver) process.exit(0);
  setTimeout(() => process.exit(1), LAST_WORD_MS);
  void driver.stop(ending);
}

/** The pen on the paper waits for nobody, where the system lets us say so: it needs a privilege that most users lack. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
  }
}

function reportLoad(): void {
  let [before, sinceMs] = [process.cpuUsage(), performance.now()];
  setInterval(() => {
    const used = process.cpuUsage(before);
    const nowMs = performance.now();
    const cpuPercent = (used.user + used.system) / 10 / (nowMs - sinceMs);
    [before, sinceMs] = [process.cpuUsage(), nowMs];
    const memoryMb = process.memoryUsage.rss() / 1_048_576;
    send({ type: "load", cpuPercent: round(cpuPercent), memoryMb: round(memoryMb) });
  }, LOAD_EVERY_MS).unref();
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
