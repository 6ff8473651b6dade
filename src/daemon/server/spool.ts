import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../make-directory.ts";
import { drawingNotKept } from "../store-error.ts";

/** A file that grows while it is uploaded, and is there for good only when somebody moves it away. */
export class SpoolFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  bytes = 0;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Resolves when the disk has room for more. Throws `disk.full` when it has none at all. */
  async write(data: Uint8Array): Promise<void> {
    this.bytes += data.length;
    this.#hash.update(data);
    for (let written = 0; written < data.length; ) {
      const { bytesWritten } = await this.#handle.write(data, written).catch(fail);
      written += bytesWritten;
    }
  }

  /** On disk when this resolves. @returns the SHA-256 of it all, hex */
  async finish(): Promise<string> {
    await this.#handle.sync().catch(fail);
    await this.#handle.close();
    return this.#hash.digest("hex");
  }

  /** Whatever became of it; nothing is left behind unless it was moved. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined); // it may be closed already
    rmSync(this.path, { force: true });
  }
}

/** Where uploads lie until they are jobs: on the disk of the jobs, so that they need only be moved. */
export class Spool {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async file(): Promise<SpoolFile> {
    try {
      makeDirectory(this.#directory);
      const path = join(this.#directory, `${randomUUID()}.part`);
      return new SpoolFile(path, await open(path, "wx", 0o600));
    } catch (error) {
      return fail(error);
    }
  }

  /** What an earlier daemon was in the middle of. */
  clear(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function fail(error: unknown): never {
  throw drawingNotKept(error);
}
