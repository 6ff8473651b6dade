import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { ReadStream } from "node:tty";
import type { SimBoard } from "../../src/daemon/device/link/sim-board.ts";

/** A pseudo-terminal: `path` is the port a program opens, the rest is the far end of the cable. */
export interface Pty {
  readonly path: string;
  /** Bytes the program has written. */
  onData: (data: Buffer) => void;
  write(data: string | Uint8Array): void;
  /** The cable is pulled: the program's port gives an error. */
  close(): void;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/**
 * The JavaScript of node-pty would read the program's end too; its native part alone does not.
 * The program's end stays open here as well, so that the terminal lives on when the program closes its own.
 */
export function openPty(): Pty {
  const native = createRequire(import.meta.url)(
    `@lydell/node-pty-${process.platform}-${process.arch}/pty.node`,
  ) as NativePty;
  const { master, pty: path } = native.open(80, 24);
  const stream = new ReadStream(master);
  let closed = false;
  let unsent = Buffer.alloc(0);
  const flush = () => {
    while (unsent.length > 0 && !closed) {
      const sent = writeSome(master, unsent);
      unsent = unsent.subarray(sent);
      if (sent === 0) return void setTimeout(flush, 1);
    }
  };
  const pty: Pty = {
    path,
    onData: () => {},
    write(data) {
      const wasWaiting = unsent.length > 0;
      const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
      unsent = Buffer.concat([unsent, bytes]);
      if (!wasWaiting) flush();
    },
    close() {
      if (closed) return;
      closed = true;
      stream.destroy();
    },
  };
  stream.on("data", (data: Buffer) => pty.onData(data));
  stream.on("error", () => pty.close());
  return pty;
}

/** The simulated board at the end of a real serial port. */
export function serveBoardOnPty(board: SimBoard): Pty {
  const pty = openPty();
  pty.onData = (data) => board.receive(data);
  board.onData = (text) => pty.write(text);
  board.onUnplugged = () => pty.close();
  board.plugIn();
  return pty;
}

/** @returns bytes written: 0 while the terminal is full because the program does not read */
function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
