import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

/** What is typed and as much more of it as the files of the directory leave no doubt about: drawings and directories. */
export function completePath(typed: string): string {
  const path = typed.replace(/^~(?=\/)/, homedir());
  const start = path.endsWith("/") ? "" : basename(path);
  const directory = path.endsWith("/") ? path : dirname(path);
  const names = namesIn(directory).filter((name) => name.startsWith(start));
  if (names.length === 0) return typed;
  const common = names.reduce(commonStart);
  return typed.slice(0, typed.length - start.length) + common;
}

/** A directory that cannot be read has nothing to offer. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || /\.svg$/i.test(entry.name))
      .map((entry) => (entry.isDirectory() ? join(entry.name, "/") : entry.name));
  } catch {
    return [];
  }
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
