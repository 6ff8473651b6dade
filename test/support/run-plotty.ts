import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const PLOTTY = fileURLToPath(new URL("../../bin/plotty.js", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment of a test's own: no PLOTTY_ setting of the person who runs it. */
export function cleanEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(
    ([name]) => !/^(PLOTTY_|NO_COLOR$|FORCE_COLOR$)/.test(name),
  );
  return { ...Object.fromEntries(rest), ...more };
}

/** Starts `plotty` as a person would, with pipes around it. */
export function startPlotty(
  words: readonly string[],
  { input = "", env = {} as Record<string, string> } = {},
) {
  const child = spawn(process.execPath, [PLOTTY, ...words], { env: cleanEnv(env) });
  let stdout = "";
  let stderr = "";
  let wake = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    wake();
  });
  child.stdin.on("error", () => {}); // it may end before it has read everything
  child.stdin.end(input);
  const ended = new Promise<Ran>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  /** Resolves when what was said so far satisfies `holds`. */
  const until = async (holds: (said: { stdout: string; stderr: string }) => boolean) => {
    while (!holds({ stdout, stderr })) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { child, ended, until, lines: () => stdout.split("\n").slice(0, -1) };
}

export function runPlotty(
  words: readonly string[],
  options?: Parameters<typeof startPlotty>[1],
): Promise<Ran> {
  return startPlotty(words, options).ended;
}
