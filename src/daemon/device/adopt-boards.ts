import type { FoundBoard } from "./link/find-boards.ts";

/** A machine that was found, not configured. */
export interface Adopted {
  readonly id: string;
  /** `nickname:NAME`, or `auto` for boards that have none and cannot be told apart. */
  readonly port: string;
}

/**
 * Ids for the boards on USB, the same ones at every start: a board with a nickname keeps its id for ever, whatever its port
 * is called; those without share as many ids as there were ever of them at once.
 *
 * @param known all machines that were found so far, also by former daemons
 * @param present machines of this daemon
 * @returns the machines that are to be added now
 */
export function adoptBoards(
  boards: readonly FoundBoard[],
  known: readonly Adopted[],
  present: readonly string[],
): Adopted[] {
  const all = [...known];
  const wanted: Adopted[] = [];
  const takeId = (port: string, skip = 0) => {
    const old = all.filter((each) => each.port === port)[skip];
    const adopted = old ?? { id: freeId(all), port };
    if (!old) all.push(adopted);
    if (!present.includes(adopted.id)) wanted.push(adopted);
  };
  for (const nickname of new Set(boards.map((board) => board.nickname))) {
    if (nickname !== null) takeId(`nickname:${nickname}`);
  }
  const nameless = boards.filter((board) => board.nickname === null);
  for (const i of nameless.keys()) takeId("auto", i);
  return wanted;
}

function freeId(known: readonly Adopted[]): string {
  for (let n = 1; ; n++) {
    const id = `axidraw_${String(n).padStart(3, "0")}`;
    if (!known.some((each) => each.id === id)) return id;
  }
}
