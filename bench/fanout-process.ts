import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * A program of this bench, built beside this one.
 *
 * @param core to be on
 * @param isUrgent above all other work of the machine, where that is allowed
 */
export function start(name: string, core: number, isUrgent = true): ChildProcess {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const profile = process.env.BENCH_PROFILE === name ? ["--cpu-prof", "--cpu-prof-dir=/tmp"] : [];
  // A session of its own has its own share of the processor (Linux' autogroup); it ends when the channel to this one closes.
  const child = fork(file, { execArgv: ["--expose-gc", ...profile], detached: true });
  if (child.pid === undefined) throw new Error(`${name} did not start`);
  spawnSync("taskset", ["-a", "-c", "-p", String(core), String(child.pid)], { stdio: "ignore" });
  if (isUrgent) hurry(child.pid);
  return child;
}

function hurry(pid: number): void {
  try {
    setPriority(pid, -15);
    writeFileSync(`/proc/${pid}/autogroup`, "-19");
  } catch {
    // Only root may, and only Linux knows groups: elsewhere the bench wants a quiet machine.
  }
}

/** The next message of this type; rejects when the program ends before. */
export function next<M extends { type: string }, T extends M["type"]>(child: ChildProcess, type: T) {
  return new Promise<Extract<M, { type: T }>>((resolve, reject) => {
    const onExit = () => reject(new Error(`a program of the bench ended while "${type}" was awaited`));
    const onMessage = (message: M) => {
      if (message.type !== type) return;
      child.off("message", onMessage);
      child.off("exit", onExit);
      resolve(message as Extract<M, { type: T }>);
    };
    child.on("message", onMessage);
    child.once("exit", onExit);
  });
}

export function tell<M>(child: ChildProcess, message: M): void {
  child.send(message as object);
}
