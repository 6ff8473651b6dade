import fc from "fast-check";
import { expect, test } from "vitest";
import { jobIdFor } from "../../src/daemon/jobs/job-id.ts";

const free = () => false;

test("the id is the file's name without folder and extension", () => {
  expect(jobIdFor("/home/ana/my_design.svg", free)).toBe("my_design");
  expect(jobIdFor("C:\\plots\\rose-2.svg", free)).toBe("rose-2");
});

test("what an id cannot hold becomes an underscore, accents fall away", () => {
  expect(jobIdFor("Café  crème (2).svg", free)).toBe("Cafe_creme_2");
  expect(jobIdFor("$(rm -rf ~).svg", free)).toBe("rm_-rf");
  expect(jobIdFor("../../etc/passwd", free)).toBe("passwd");
});

test("a name without a single usable letter is a drawing", () => {
  expect(jobIdFor("図.svg", free)).toBe("drawing");
  expect(jobIdFor("", free)).toBe("drawing");
});

test("a taken name gets _001, then _002, and stays within 64 characters", () => {
  const taken = new Set(["rose", "rose_001"]);
  expect(jobIdFor("rose.svg", (id) => taken.has(id))).toBe("rose_002");
  const long = "x".repeat(80);
  expect(jobIdFor(`${long}.svg`, (id) => id === "x".repeat(64))).toBe(`${"x".repeat(60)}_001`);
});

test("whatever a file is called, its id is one", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => /^[A-Za-z0-9_-]{1,64}$/.test(jobIdFor(name, free))),
  );
});
