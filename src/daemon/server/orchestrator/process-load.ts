import { readFileSync } from "node:fs";

export interface Load {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

interface Reading {
  readonly atMs: number;
  readonly cpuMs: number;
}

/** Linux counts CPU time in ticks of 10 ms and memory in pages of 4 KiB. */
const MS_PER_TICK = 10;
const BYTES_PER_PAGE = 4096;
const SHORTEST_SPAN_MS = 500;

/** How much CPU and memory a process uses; CPU is the mean since the reading before. */
export class ProcessLoad {
  readonly #before = new Map<number, Reading>();
  readonly #last = new Map<number, Load>();

  /** @param pid undefined, or one that cannot be read here: this process */
  read(pid: number | undefined): Load {
    const wanted = pid ?? process.pid;
    const figures = (pid === undefined ? null : figuresOf(pid)) ?? ownFigures();
    const now = performance.now();
    const before = this.#before.get(wanted);
    const last = this.#last.get(wanted);
    if (before && last && now - before.atMs < SHORTEST_SPAN_MS)
      return { ...last, memoryMb: figures.memoryMb };
    const share = before ? (figures.cpuMs - before.cpuMs) / (now - before.atMs) : 0;
    const load = { cpuPercent: Math.max(0, Math.round(share * 1000) / 10), memoryMb: figures.memoryMb };
    this.#before.set(wanted, { atMs: now, cpuMs: figures.cpuMs });
    this.#last.set(wanted, load);
    return load;
  }
}

function ownFigures() {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, memoryMb: megabytes(process.memoryUsage.rss()) };
}

/** From /proc; null on a system without it, or when the process has ended meanwhile. */
function figuresOf(pid: number): { cpuMs: number; memoryMb: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks: count fields from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    return { cpuMs, memoryMb: megabytes(Number(fields[21]) * BYTES_PER_PAGE) };
  } catch {
    return null;
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 104_857.6) / 10;
}
