import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");

/** Rooms of the daemon in the order of the data: each may import those before it. */
const ROOMS = [
  "base",
  "svg",
  "geometry",
  "optimize",
  "motion",
  "device",
  "planning",
  "jobs",
  "server",
  "offline",
  "main",
];

/** Files that stand beside the rooms, and what they belong to. */
const BESIDE: Readonly<Record<string, string>> = {
  "settings.ts": "planning",
  "prepare.ts": "planning",
  "system.ts": "server",
  "main.ts": "main",
  "run-daemon.ts": "main",
  "alert-room.ts": "main",
  "hook-room.ts": "main",
  "index.ts": "main",
  "start-daemon.ts": "main",
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const imports = files.flatMap(importsOf);

test("shared imports nothing of the two sides, and no package but zod", () => {
  const shared = files.filter((file) => file.startsWith("shared/"));
  const breaches = imports.filter(({ from, to }) => from.startsWith("shared/") && !to.startsWith("shared/"));
  expect(breaches).toEqual([]);
  for (const file of shared) expect(packagesOf(file).filter((name) => name !== "zod")).toEqual([]);
});

test("daemon and tui never import each other", () => {
  const breaches = imports.filter(({ from, to }) => {
    const sides = [from.split("/")[0], to.split("/")[0]];
    return sides.includes("daemon") && sides.includes("tui");
  });
  expect(breaches).toEqual([]);
});

test("inside the daemon imports follow the data: no room knows one further down", () => {
  const breaches = imports.filter(({ from, to }) => {
    if (!from.startsWith("daemon/") || !to.startsWith("daemon/")) return false;
    return ROOMS.indexOf(roomOf(to)) > ROOMS.indexOf(roomOf(from));
  });
  expect(breaches).toEqual([]);
});

test("from SVG text to plan there is no clock, file, socket or chance", () => {
  const pure = files.filter((file) => /^daemon\/(svg|geometry|optimize|motion)\//.test(file));
  expect(pure.length).toBeGreaterThan(20);
  for (const file of pure) {
    const text = readFileSync(join(SRC, file), "utf8");
    expect(
      packagesOf(file).filter((name) => /^node:(fs|net|http|child_process|timers)/.test(name)),
      file,
    ).toEqual([]);
    expect(text, file).not.toMatch(/Math\.random|Date\.now|new Date\(|performance\.now|process\./);
  }
});

test("the terminal's side does not load what only the daemon needs, nor the daemon React", () => {
  const loads = (side: string) =>
    new Set(files.filter((file) => file.startsWith(`${side}/`)).flatMap(packagesOf));
  for (const name of ["serialport", "libsql", "hono", "pino"]) expect(loads("tui")).not.toContain(name);
  for (const name of ["react", "ink"]) expect(loads("daemon")).not.toContain(name);
});

function roomOf(file: string): string {
  const [, room, rest] = file.split("/");
  if (rest === undefined) return BESIDE[room!] ?? "base";
  return room!;
}

function importsOf(file: string): Import[] {
  return specifiers(file)
    .filter((name) => name.startsWith("."))
    .map((name) => ({ from: file, to: relative(SRC, resolve(dirname(join(SRC, file)), name)) }))
    .filter(({ to }) => !to.startsWith(".."));
}

function packagesOf(file: string): string[] {
  return specifiers(file).filter((name) => !name.startsWith("."));
}

function specifiers(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
}
