import { PlottyError } from "../shared/errors.ts";

const FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT)/;
const READ_ONLY = /^(SQLITE_READONLY|EROFS|EACCES|EPERM)/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** Whether the disk, or this user's share of it, has no room left. */
export function isFullDisk(error: unknown): boolean {
  return FULL.test((error as { code?: string }).code ?? "");
}

/** @param error what came of writing a drawing that was sent */
export function drawingNotKept(error: unknown): PlottyError {
  const isFull = isFullDisk(error);
  const why = isFull ? "the disk is full: free some room and add it again" : (error as Error).message;
  const message = `the drawing could not be kept: ${why}`;
  return new PlottyError(isFull ? "disk.full" : "store.unusable", message, {}, error);
}

/** What goes wrong with the database or its directory, in words that say what to do; anything else as it came. */
export function storeError(error: unknown, file = "the database"): unknown {
  if (error instanceof PlottyError) return error;
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (isFullDisk(error) || /disk is full|ENOSPC/i.test(message)) {
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
