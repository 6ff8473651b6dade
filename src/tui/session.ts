/** What a command has around it: its streams, its environment and the signal that ends it. */
export interface Session {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & { readonly fd: number };
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted with an `Interrupted` when the person or the system ends the command. */
  readonly signal: AbortSignal;
}

/** Why `Session.signal` was aborted; `exitCode` is 128 and the signal's number. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(name: "SIGINT" | "SIGTERM" | "SIGHUP") {
    super(`interrupted by ${name}`);
    this.exitCode = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[name];
  }
}

/** A session on this process, until `end` is called. The first signal aborts it, the second ends the process. */
export function openSession(): { session: Session; end: () => void } {
  const controller = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = signals.map((name) => {
    const handler = () => {
      const reason = new Interrupted(name);
      if (controller.signal.aborted) process.exit(reason.exitCode);
      controller.abort(reason);
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  const { stdin, stdout, stderr, env } = process;
  return {
    session: { stdin, stdout, stderr, env, signal: controller.signal },
    end: () => {
      for (const off of handlers) off();
    },
  };
}

/** Data: to stdout, a line at least. Resolves when the reader has room for more. */
export function print(session: Session, text: string): Promise<void> {
  const line = text.endsWith("\n") ? text : `${text}\n`;
  return new Promise((resolve) => {
    if (session.stdout.write(line)) resolve();
    else session.stdout.once("drain", resolve);
  });
}

/** Words about the data: to stderr. */
export function say(session: Session, text: string): void {
  session.stderr.write(`${text}\n`);
}
