import { spawn } from "node:child_process";
import pty from "@lydell/node-pty";

/** From spawn to exit, ms. @param words for node, from the package's directory */
export function timeOf(words: readonly string[]): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve(performance.now() - started)
        : reject(new Error(`${words.join(" ")} ended with ${code}`)),
    );
  });
}

/** From spawn to the skeleton of the screen, and to the first frame that shows a job, ms. */
export function firstFrames(url: string): Promise<{ paintMs: number; liveMs: number }> {
  const started = performance.now();
  const child = openMonitor(url, 80, 24);
  let shown = "";
  let paintMs = 0;
  return new Promise((resolve) => {
    child.onData((data) => {
      shown += data;
      if (paintMs === 0 && shown.includes("plotty")) paintMs = performance.now() - started;
      if (!shown.includes("42%")) return;
      const liveMs = performance.now() - started;
      child.onExit(() => resolve({ paintMs, liveMs }));
      shown = "";
      child.write("q");
    });
  });
}

export function openMonitor(url: string, columns: number, rows: number) {
  return pty.spawn(process.execPath, ["bin/plotty.js", "monitor", "--url", url], {
    cols: columns,
    rows,
    env: { ...process.env, TERM: "xterm-256color", LANG: "C.UTF-8" } as Record<string, string>,
  });
}
