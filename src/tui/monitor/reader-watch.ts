import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LOOK_EVERY_MS = 500;

/**
 * Calls `onGone` when nobody reads the pipe `fd` any more. A pipe tells its writer that only at the next write, and an
 * idle daemon has little to say: `plotty monitor --follow | head -3` would linger. Linux shows who holds a pipe;
 * elsewhere, or where the reader is another user's, the next write has to do.
 *
 * @returns a function that ends the watch
 */
export function watchReader(fd: number, onGone: () => void): () => void {
  const pipe = linkOf(`/proc/self/fd/${fd}`);
  let readers = pipe?.startsWith("pipe:") ? findReaders(pipe) : [];
  if (readers.length === 0) return () => {};
  const timer = setInterval(() => {
    if (readers.some((path) => linkOf(path) === pipe)) return;
    readers = findReaders(pipe!);
    if (readers.length > 0) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** The open files of other processes that read from `pipe`, as paths below `/proc`. */
function findReaders(pipe: string): string[] {
  const processes = namesIn("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return processes.flatMap((pid) =>
    namesIn(`/proc/${pid}/fd`)
      .filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === pipe && isForReading(pid, fd))
      .map((fd) => `/proc/${pid}/fd/${fd}`),
  );
}

/** The last octal digit of a file's flags is its access mode: 1 is for writing only. */
function isForReading(pid: string, fd: string): boolean {
  const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"));
  const flags = /^flags:\s*([0-7]+)/m.exec(info ?? "")?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 1;
}

function namesIn(directory: string): string[] {
  return attempt(() => readdirSync(directory)) ?? [];
}

function linkOf(path: string): string | undefined {
  return attempt(() => readlinkSync(path));
}

/** Processes end while they are looked at, and others' files may not be seen: then there is nothing to see. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
