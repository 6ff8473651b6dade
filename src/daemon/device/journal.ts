import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { PlanPosition } from "../../shared/plan.ts";

const RECORD_BYTES = 128;

/**
 * Where a job stands on its plan, as the board executed it, kept in one small record that is written over and over. It
 * outlives `kill -9` of every process: the driver writes it, the next daemon reads it. A disk that is full or broken must
 * not end a plot, so a failure is told and the next position is tried again.
 */
export class PositionJournal {
  readonly #path: string;
  readonly #onTrouble: (error: Error) => void;
  #file: number | undefined;

  /** @param onTrouble called for every write that fails */
  constructor(path: string, onTrouble: (error: Error) => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
  }

  write(at: PlanPosition): void {
    const record = `${JSON.stringify({ move: at.move, mm: Number(at.mm.toFixed(4)) })}\n`;
    try {
      this.#file ??= openToOverwrite(this.#path);
      writeSync(this.#file, record.padStart(RECORD_BYTES), 0);
    } catch (error) {
      this.#onTrouble(error as Error);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** `r+` writes over what is there and does not make the file, `a+` makes it and does not write over. */
function openToOverwrite(path: string): number {
  closeSync(openSync(path, "a+", 0o600));
  return openSync(path, "r+");
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
