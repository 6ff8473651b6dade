import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepPlan } from "../../src/daemon/jobs/keep-plan.ts";
import { dataDir } from "../support/data-dir.ts";

const MEGABYTE = new Uint8Array(1 << 20).fill(7);

function keep(file: string, pieces: number, end = (): string => "kept"): string {
  return keepPlan(file, (write) => {
    for (let i = 0; i < pieces; i++) write(MEGABYTE);
    return end();
  });
}

test("a plan is in its folder when all of it is on disk, and what made it is given back", () => {
  const folder = join(dataDir(), "jobs", "rose");
  const file = join(folder, "plan.bin");
  const seen: string[][] = [];
  const look = () => {
    seen.push(readdirSync(folder));
    return "made";
  };
  expect(keep(file, 3, look)).toBe("made");
  expect(seen).toEqual([["plan.bin.part"]]);
  expect(readdirSync(folder)).toEqual(["plan.bin"]);
  expect(readFileSync(file).length).toBe(3 * MEGABYTE.length);
});

test("a plan whose making fails midway leaves nothing, and the one before it as it was", () => {
  const folder = dataDir();
  const file = join(folder, "plan.bin");
  keep(file, 1);
  const fail = (): string => {
    throw new Error("midway");
  };
  expect(() => keep(file, 2, fail)).toThrow("midway");
  expect(readdirSync(folder)).toEqual(["plan.bin"]);
  expect(readFileSync(file).length).toBe(MEGABYTE.length);
});

test.runIf(existsSync("/dev/full"))(
  "a disk that is full is told in one sentence, and nothing is left",
  () => {
    const folder = dataDir();
    const file = join(folder, "plan.bin");
    symlinkSync("/dev/full", `${file}.part`);
    let thrown: unknown;
    try {
      keep(file, 1);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: "disk.full",
      message: "the plan could not be kept: the disk is full: free some room and retry the job",
    });
    expect(readdirSync(folder)).toEqual([]);
  },
);
