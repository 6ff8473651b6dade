import { type FileHandle, open } from "node:fs/promises";
import { unreadablePlan } from "../motion/unreadable-plan.ts";

/** Bytes that are read a piece at a time: a file, or what is in memory already. */
export interface PlanBytes {
  readonly length: number;
  /** Fills `bytes` with what begins at `at`. Throws `plan.unreadable` where it ends before. */
  readInto(bytes: Uint8Array, at: number): Promise<void>;
  close(): Promise<void>;
}

export async function openBytes(path: string): Promise<PlanBytes> {
  const file = await open(path, "r");
  try {
    return new FileBytes(file, (await file.stat()).size);
  } catch (error) {
    await file.close();
    throw error;
  }
}

export function bytesInMemory(bytes: Uint8Array): PlanBytes {
  return {
    length: bytes.length,
    readInto: async (target, at) => {
      if (at + target.length > bytes.length) throw unreadablePlan("its end is missing");
      target.set(bytes.subarray(at, at + target.length));
    },
    close: async () => undefined,
  };
}

/** Bytes with a buffer of their own. */
export async function readBytes(
  from: PlanBytes,
  at: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await from.readInto(bytes, at);
  return bytes;
}

class FileBytes implements PlanBytes {
  readonly length: number;
  readonly #file: FileHandle;
  #isClosed = false;

  constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.length = length;
  }

  async readInto(bytes: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, at + done);
      if (bytesRead === 0) throw unreadablePlan("its end is missing");
      done += bytesRead;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#file.close();
  }
}
