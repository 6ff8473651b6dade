import { spawn } from "node:child_process";
import { onTestFinished } from "vitest";

/** A Python program with both its outputs in one text; killed with the test. */
export function runPython(command: string, code: string) {
  const child = spawn(command, ["-u", "-c", code], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
  }
  const ended = new Promise<string>((resolve) => child.once("close", () => resolve(text)));
  return { output: () => text, ended };
}
