import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";

export const KEY = { up: "\x1b[A", down: "\x1b[B", escape: "\x1b", ctrlC: "\x03" };

/** A program on a real pseudo-terminal, and what a person in front of it would see. */
export function openScreen(
  command: readonly [string, ...string[]],
  {
    columns = 80,
    rows = 24,
    env = {},
  }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  const base = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PLOTTY_|CI$|NO_COLOR$)/.test(name)),
  );
  const child = pty.spawn(command[0], command.slice(1), {
    cols: columns,
    rows,
    env: { ...base, TERM: "xterm-256color", LANG: "C.UTF-8", ...env } as Record<string, string>,
  });
  let raw = "";
  child.onData((data) => {
    raw += data;
    terminal.write(data);
  });
  const exited = new Promise<{ exitCode: number; signal?: number }>((resolve) => child.onExit(resolve));
  const lines = () =>
    Array.from(
      { length: terminal.rows },
      (_, y) =>
        terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y)?.translateToString(true) ?? "",
    );
  const text = () => lines().join("\n");

  /** Resolves once the screen shows `wanted`; fails with what it shows instead. */
  async function until(
    wanted: string | RegExp | ((shown: string) => boolean),
    timeoutMs = 10_000,
  ): Promise<string> {
    const endMs = Date.now() + timeoutMs;
    for (;;) {
      const shown = text();
      if (fits(wanted, shown)) return shown;
      if (Date.now() > endMs) throw new Error(`the screen never showed ${wanted}; it shows:\n${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
  return {
    terminal,
    pid: child.pid,
    exited,
    lines,
    text,
    until,
    /** All bytes so far, escape sequences and all. */
    raw: () => raw,
    press: (keys: string) => child.write(keys),
    resize: (toColumns: number, toRows: number) => {
      terminal.resize(toColumns, toRows);
      child.resize(toColumns, toRows);
    },
    kill: (signal: string) => child.kill(signal),
  };
}

function fits(wanted: string | RegExp | ((shown: string) => boolean), shown: string): boolean {
  if (typeof wanted === "function") return wanted(shown);
  return typeof wanted === "string" ? shown.includes(wanted) : wanted.test(shown);
}
