import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { PlanPosition } from "../../shared/plan.ts";

const RECORD_BYTES = 128;

/**
 * Where a job stands on its plan, as the board executed it, kept in one small record that is written over and over. It
 * outlives `kill -9` of every process: the driver writes it, the next daemon reads it.
 */
export class PositionJournal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a+", 0o600);
    closeSync(this.#file);
    this.#file = openSync(path, "r+");
  }

  write(at: PlanPosition): void {
    const record = `${JSON.stringify({ move: at.move, mm: Number(at.mm.toFixed(4)) })}\n`;
    writeSync(this.#file, record.padStart(RECORD_BYTES), 0);
  }

  close(): void {
    closeSync(this.#file);
  }
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
