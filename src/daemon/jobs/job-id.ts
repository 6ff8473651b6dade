const LONGEST = 64;

/**
 * A job's id from its file's name: without extension, with every character outside `[A-Za-z0-9_-]` made `_`, and `_001`,
 * `_002` … behind it where it is taken.
 */
export function jobIdFor(fileName: string, isTaken: (id: string) => boolean): string {
  const base = baseName(fileName);
  if (!isTaken(base)) return base;
  for (let n = 1; ; n++) {
    const suffix = `_${String(n).padStart(3, "0")}`;
    const id = base.slice(0, LONGEST - suffix.length) + suffix;
    if (!isTaken(id)) return id;
  }
}

function baseName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? "";
  const stem = last.replace(/\.[^.]*$/, "") || last;
  const id = stem
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, LONGEST);
  return id || "drawing";
}
