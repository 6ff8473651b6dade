import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plotty } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";

const SQUARE = `<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="100mm" viewBox="0 0 100 100">
  <path d="M10 10H60V60H10Z" fill="none" stroke="#00f"/></svg>`;

function file(name: string, content: string | Buffer): { path: string; env: Record<string, string> } {
  const directory = dataDir();
  const path = join(directory, name);
  writeFileSync(path, content);
  return { path, env: { XDG_CONFIG_HOME: directory } };
}

test("estimate tells the time, the ink and the lifts of a square of 50 mm", async () => {
  const { path, env } = file("square.svg", SQUARE);
  const { code, stdout } = await plotty(["estimate", path, "--format", "json"], env);
  expect(code).toBe(0);
  const estimate = JSON.parse(stdout);
  expect(estimate.ink_mm).toBeCloseTo(200, 6);
  expect(estimate.lifts).toBe(1);
  expect(estimate.travel_mm).toBeCloseTo(2 * Math.hypot(10, 10), 6);
  expect(estimate.pen_s).toBeCloseTo(0.24, 6);
  expect(estimate.duration_s).toBeCloseTo(estimate.draw_s + estimate.travel_s + estimate.pen_s, 6);
  expect(estimate.notes).toEqual([]);
});

test("plan --stage geometry is the drawing in the mm of its own page, strokes what will be inked", async () => {
  const { path, env } = file("square.svg", SQUARE);
  const geometry = JSON.parse(
    (await plotty(["plan", path, "--stage", "geometry", "--format", "json"], env)).stdout,
  );
  expect(geometry).toEqual({
    unit: "mm",
    polylines: [
      [
        [10, 10],
        [60, 10],
        [60, 60],
        [10, 60],
        [10, 10],
      ],
    ],
    meta: [{ layer: "", stroke: "#00f" }],
    notes: [],
  });
  const args = ["plan", path, "--stage", "strokes", "--format", "json", "--origin", "5,7"];
  const strokes = JSON.parse((await plotty(args, env)).stdout);
  const xs = strokes.polylines[0].map(([x]: [number, number]) => x);
  expect([Math.min(...xs), Math.max(...xs)]).toEqual([15, 65]);
});

test("the moves of plan --stage motion follow each other in time and place, from home to home", async () => {
  const { path, env } = file("square.svg", SQUARE);
  const motion = JSON.parse(
    (await plotty(["plan", path, "--stage", "motion", "--format", "json"], env)).stdout,
  );
  expect(motion.unit).toBe("mm");
  let [at, clock] = [[0, 0], 0];
  for (const move of motion.moves) {
    expect(move.from).toEqual(at);
    expect(move.start_s).toBeCloseTo(clock, 6);
    at = move.to;
    clock += move.duration_s;
  }
  expect(at).toEqual([0, 0]);
  expect(motion.duration_s).toBeCloseTo(clock, 6);
  expect(motion.moves.map((move: { kind: string }) => move.kind)).toEqual([
    "travel",
    "drop",
    "draw",
    "draw",
    "draw",
    "draw",
    "lift",
    "travel",
  ]);
});

test("preview writes an SVG that holds the ink and, dotted, the travel", async () => {
  const { path, env } = file("square.svg", SQUARE);
  const out = `${path}.preview.svg`;
  expect((await plotty(["preview", path, "--out", out], env)).code).toBe(0);
  const picture = readFileSync(out, "utf8");
  expect(picture).toMatch(/^<svg [^>]*viewBox/);
  expect(picture).toContain("stroke-dasharray");
  expect((await plotty(["preview", path], env)).stdout).toBe(picture);
});

test("a drawing may come from stdin", async () => {
  const { stdout } = await plotty(["estimate", "-", "--format", "json"], {}, SQUARE);
  expect(JSON.parse(stdout).ink_mm).toBeCloseTo(200, 6);
});

test.each([
  ["no file", "nowhere.svg", 1, "there is no such file"],
  ["a directory", ".", 1, "is a directory"],
])("%s is told in one sentence", async (_what, path, code, words) => {
  const answer = await plotty(["estimate", path]);
  expect(answer.code).toBe(code);
  expect(answer.stderr).toContain(words);
  expect(answer.stderr.trim().split("\n")).toHaveLength(1);
});

test("a picture called .svg, and text that is none, are told apart from a drawing in one sentence", async () => {
  const png = file("photo.svg", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
  const answer = await plotty(["estimate", png.path], png.env);
  expect([answer.code, answer.stderr]).toEqual([1, "plotty: this is a PNG image, not an SVG\n"]);
  const html = file("page.svg", "<html><body/></html>");
  const other = await plotty(["estimate", html.path], html.env);
  expect(other.code).toBe(1);
  expect(other.stderr.trim().split("\n")).toHaveLength(1);
});

test("a wrong flag is bad usage, and names what it may be", async () => {
  const { path, env } = file("square.svg", SQUARE);
  const margin = await plotty(["estimate", path, "--margin", "wide"], env);
  expect(margin.code).toBe(2);
  expect(margin.stderr).toContain("--margin");
  const paper = await plotty(["estimate", path, "--paper", "a9"], env);
  expect(paper.code).toBe(2);
  expect(paper.stderr).toContain("a6, a5, a4, a3, a2, letter, legal, tabloid");
});

test("config init writes a file that is valid as it stands, and does not write over it", async () => {
  const directory = dataDir();
  const env = { XDG_CONFIG_HOME: directory };
  const init = await plotty(["config", "init"], env);
  const path = join(directory, "plotty", "config.yaml");
  expect([init.code, init.stdout]).toEqual([0, `${path}\n`]);
  expect(existsSync(path)).toBe(true);
  expect((await plotty(["config", "validate"], env)).stdout).toBe(`${path}: valid\n`);
  const again = await plotty(["config", "init"], env);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("exists already");
});

test("config show tells what is in force, and no secret", async () => {
  const env = {
    XDG_CONFIG_HOME: dataDir(),
    PLOTTY_WEBSOCKET__PORT: "9000",
    PLOTTY_WEBSOCKET__API_KEY: "s3cret",
  };
  const shown = await plotty(["config", "show", "--format", "json"], env);
  expect(JSON.parse(shown.stdout).websocket).toMatchObject({ port: 9000, api_key: "(set, not shown)" });
  expect(shown.stdout + shown.stderr).not.toContain("s3cret");
});

test("config validate names the key, the line and the nearest valid key", async () => {
  const { path } = file("studio.yaml", "websocket:\n  prot: 8766\n");
  const answer = await plotty(["config", "validate", path]);
  expect(answer.code).toBe(2);
  expect(answer.stderr).toContain(`${path}:2`);
  expect(answer.stderr).toContain("websocket.port");
});
