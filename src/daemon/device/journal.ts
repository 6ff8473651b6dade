import { readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { PlanPosition } from "../../shared/plan.ts";

const RECORD_BYTES = 128;

/**
 * Where a job stands on its plan, as the board executed it, kept in one small record that is written over and over. It
 * outlives `kill -9` of every process: the driver writes it, the next daemon reads it. A disk that is slow must not hold up a
 * command, so writes are left to the system, one at a time and the newest next; one that is full or broken must not end a
 * plot, so a failure is told and the next position is tried again.
 */
export class PositionJournal {
  readonly #path: string;
  readonly #onTrouble: (error: Error) => void;
  #file: FileHandle | undefined;
  #next: PlanPosition | null = null;
  #writing: Promise<void> | null = null;

  /** @param onTrouble called for every write that fails */
  constructor(path: string, onTrouble: (error: Error) => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
  }

  write(at: PlanPosition): void {
    this.#next = at;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when the newest position is written and the file is closed. */
  async close(): Promise<void> {
    await this.#writing;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#next) {
      const at = this.#next;
      this.#next = null;
      const record = `${JSON.stringify({ move: at.move, mm: Number(at.mm.toFixed(4)) })}\n`;
      try {
        this.#file ??= await openToOverwrite(this.#path);
        await this.#file.write(record.padStart(RECORD_BYTES), 0);
      } catch (error) {
        this.#onTrouble(error as Error);
      }
    }
    this.#writing = null;
  }
}

/** `r+` writes over what is there and does not make the file, `a+` makes it and does not write over. */
async function openToOverwrite(path: string): Promise<FileHandle> {
  await (await open(path, "a+", 0o600)).close();
  return open(path, "r+");
}

/** @returns null when nothing was ever written or the record is not whole */
export function readJournal(path: string): PlanPosition | null {
  try {
    const { move, mm } = JSON.parse(readFileSync(path, "utf8")) as { move: unknown; mm: unknown };
    const isPosition = Number.isSafeInteger(move) && Number.isFinite(mm);
    return isPosition ? { move: move as number, mm: mm as number } : null;
  } catch {
    return null;
  }
}
