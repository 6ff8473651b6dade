import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32, inflateSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { parseColor } from "../../src/daemon/offline/colors.ts";
import { PixelCanvas } from "../../src/daemon/offline/pixel-canvas.ts";
import { encodePng } from "../../src/daemon/offline/png.ts";
import { openScreen } from "../support/pty-screen.ts";
import { cleanEnv, PLOTTY } from "../support/run-plotty.ts";

const directory = mkdtempSync(join(tmpdir(), "plotty-preview-"));
const square = join(directory, "square.svg");
writeFileSync(
  square,
  '<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="100mm" viewBox="0 0 100 100"><path stroke="#000" fill="none" d="M20 20H80V80H20Z"/></svg>',
);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Reads what `encodePng` writes, every checksum checked. */
function decode(file: Buffer) {
  const chunks = new Map<string, Buffer>();
  expect(file.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString("latin1", 0, 4), body.subarray(4));
    at += length + 12;
  }
  const header = chunks.get("IHDR")!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get("IDAT")!);
  const rgb = Buffer.alloc(width * height * 3);
  for (let i = 0; i < rgb.length; i++) {
    const y = Math.floor(i / (3 * width));
    rgb[i] = rows[y * (3 * width + 1) + 1 + (i % (3 * width))]! + (y > 0 ? rgb[i - 3 * width]! : 0);
  }
  const pixel = (x: number, y: number) => [...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  return { width, height, pixel, perMetre: chunks.get("pHYs")!.readUInt32BE(0) };
}

test("a PNG holds the very pixels that were given", () => {
  const rgb = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 37) % 256);
  const { width, height, pixel, perMetre } = decode(encodePng(5, 4, rgb, 4000));
  expect([width, height, perMetre]).toEqual([5, 4, 4000]);
  for (let y = 0; y < 4; y++)
    for (let x = 0; x < 5; x++)
      expect(pixel(x, y)).toEqual([...rgb.subarray(3 * (y * 5 + x), 3 * (y * 5 + x) + 3)]);
});

test("a pen 4 pixels wide covers 4 rows of pixels, and is no darker where it goes twice", () => {
  const canvas = new PixelCanvas(20, 20);
  canvas.line(2, 10, 18, 10, 4);
  canvas.line(18, 10, 2, 10, 4);
  canvas.ink([200, 0, 0]);
  const column = Array.from({ length: 20 }, (_, y) => canvas.rgb[3 * (y * 20 + 10)]);
  expect(column.slice(8, 12)).toEqual([200, 200, 200, 200]);
  expect([column[7], column[12]]).toEqual([255, 255]);
});

test("a slanted line has no holes", () => {
  const canvas = new PixelCanvas(200, 100);
  canvas.line(5, 5, 195, 95, 2);
  canvas.ink([0, 0, 0]);
  for (let x = 6; x < 195; x++) {
    const y = Math.floor(5 + ((x + 0.5 - 5) * 90) / 190);
    expect(canvas.rgb[3 * (y * 200 + x)]).toBeLessThan(80);
  }
});

test("a line far outside draws nothing and takes no time", () => {
  const canvas = new PixelCanvas(10, 10);
  canvas.line(-1e6, -50, 1e6, -40, 2);
  canvas.ink([0, 0, 0]);
  expect(canvas.rgb.every((value) => value === 255)).toBe(true);
});

test("colours are read as hex in both lengths and by name", () => {
  expect([parseColor("#f80"), parseColor("#123456"), parseColor("Navy"), parseColor("gold?")]).toEqual([
    [255, 136, 0],
    [18, 52, 86],
    [0, 0, 128],
    [0, 0, 0],
  ]);
});

const run = promisify(execFile);
const env = cleanEnv({ HOME: directory, XDG_CONFIG_HOME: directory });

test("preview --out x.png is the paper at its size with the ink in its place", async () => {
  const out = join(directory, "square.png");
  await run(
    process.execPath,
    [PLOTTY, "preview", square, "--out", out, "--paper", "a4", "--rotate", "0", "--pixels", "1485"],
    {
      env,
    },
  );
  const { width, height, pixel } = decode(readFileSync(out));
  expect([Math.max(width, height), Math.min(width, height)]).toEqual([1485, 1050]);
  let dark = 0;
  for (let x = 0; x < width; x++) if (Math.max(...pixel(x, Math.floor(height / 2))) < 60) dark += 1;
  expect(dark).toBeLessThan(20);
  const ink = Array.from(
    { length: width * height },
    (_, i) => pixel(i % width, Math.floor(i / width))[0]!,
  ).filter((red) => red < 128).length;
  expect(ink).toBeGreaterThanOrEqual(4 * 300);
});

test("a PNG of more pixels than a machine has memory for is refused in one sentence", async () => {
  await expect(
    run(
      process.execPath,
      [PLOTTY, "preview", square, "--out", join(directory, "x.png"), "--pixels", "1000000"],
      { env },
    ),
  ).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--pixels is a whole number from 16 to 10000"),
  });
});

test("on a terminal preview draws in braille, and in ASCII where the locale asks for it", async () => {
  const screen = openScreen([process.execPath, PLOTTY, "preview", square], {
    env: { XDG_CONFIG_HOME: directory },
  });
  expect((await screen.exited).exitCode).toBe(0);
  await screen.until(/[\u2801-\u28ff]{10}/);
  const plain = openScreen([process.execPath, PLOTTY, "preview", square], {
    env: { XDG_CONFIG_HOME: directory, LC_ALL: "C" },
  });
  await plain.until(/#{10}/);
  expect((await plain.exited).exitCode).toBe(0);
});
