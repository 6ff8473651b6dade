import type { Link } from "../../src/daemon/device/link/link.ts";

/** A link whose far end is the test itself. */
export class ScriptLink implements Link {
  readonly name = "scripted";
  readonly sent: string[] = [];
  onLine: (line: string) => void = () => {};
  onEnd: (error?: Error) => void = () => {};

  send(command: string): void {
    this.sent.push(command);
  }

  /** The board says these lines. */
  say(...lines: string[]): void {
    for (const line of lines) this.onLine(line);
  }

  async close(): Promise<void> {
    this.onEnd();
  }
}
