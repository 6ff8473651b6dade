import { PlottyError } from "../shared/errors.ts";

const FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT)/;
const READ_ONLY = /^(SQLITE_READONLY|EROFS|EACCES|EPERM)/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** What goes wrong with the database or its directory, in words that say what to do; anything else as it came. */
export function storeError(error: unknown, file = "the database"): unknown {
  if (error instanceof PlottyError) return error;
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (FULL.test(code) || /disk is full|ENOSPC/i.test(message)) {
    const what = `the disk is full, so nothing more can be kept: free some room (${file})`;
    return new PlottyError("disk.full", what, {}, error);
  }
  if (READ_ONLY.test(code)) {
    const what = `${file} cannot be written (${message}): make it writable for this user, or choose another place with data_dir or PLOTTY_DATA_DIR`;
    return new PlottyError("store.unusable", what, { file }, error);
  }
  if (DAMAGED.test(code)) return damaged(file, message, error);
  if (!code.startsWith("SQLITE")) return error;
  const what = `${file} cannot be used: ${message}; move it away to start with an empty queue`;
  return new PlottyError("store.unusable", what, { file }, error);
}

export function damaged(file: string, how: string, cause?: unknown): PlottyError {
  return new PlottyError(
    "store.unusable",
    `${file} cannot be used: it is damaged (${how}); nothing was changed: put a backup in its place, or move it away to start with an empty queue (the drawings stay in jobs/ beside it)`,
    { file },
    cause,
  );
}
