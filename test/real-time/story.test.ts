import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { machineModel } from "../../src/daemon/device/models.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { serverFrameSchema } from "../../src/shared/ws-messages.ts";
import { listen, plotty, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { farthest, sample } from "../support/distance.ts";
import { serveBoardOnPty } from "../support/pty.ts";

/** Curves of every kind in two layers, in a unit of 0.5 mm; `TRUTH` is the same by hand. */
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
  width="60mm" height="50mm" viewBox="0 0 120 100">
  <g inkscape:groupmode="layer" inkscape:label="curves" transform="translate(10 10)" fill="none" stroke="black">
    <path d="M0,0C0,40 40,40 40,0"/>
    <circle cx="70" cy="20" r="14"/>
  </g>
  <g inkscape:groupmode="layer" inkscape:label="lines" fill="none" stroke="red">
    <path d="m 20,60 h 30 v 24 z"/>
    <path d="M60 70 Q 80 50 100 70 T 100 90" transform="rotate(10 80 75)"/>
  </g>
</svg>`;

const along = (n: number, at: (t: number) => [number, number]) =>
  Array.from({ length: n + 1 }, (_, i) => at(i / n)).flat();

function turned([x, y]: [number, number]): [number, number] {
  const a = Math.PI / 18;
  return [
    80 + (x - 80) * Math.cos(a) - (y - 75) * Math.sin(a),
    75 + (x - 80) * Math.sin(a) + (y - 75) * Math.cos(a),
  ];
}

function quadratic(t: number, [a, b, c]: [number, number][]): [number, number] {
  const mix = (k: 0 | 1) => (1 - t) ** 2 * a![k] + 2 * t * (1 - t) * b![k] + t * t * c![k];
  return turned([mix(0), mix(1)]);
}

const TRUTH = [
  along(400, (t) => [10 + 120 * t * t * (1 - t) + 40 * t ** 3, 10 + 120 * t * (1 - t)]),
  along(400, (t) => [80 + 14 * Math.cos(2 * Math.PI * t), 30 + 14 * Math.sin(2 * Math.PI * t)]),
  [20, 60, 50, 60, 50, 84, 20, 60],
  along(200, (t) =>
    quadratic(t, [
      [60, 70],
      [80, 50],
      [100, 70],
    ]),
  ),
  along(200, (t) =>
    quadratic(t, [
      [100, 70],
      [120, 90],
      [100, 90],
    ]),
  ),
].map((polyline) => polyline.map((value) => value / 2));

test("a drawing with curves and two layers goes from plotty plot to ink, and its events tell the story", async () => {
  const board = new SimBoard({
    clock: systemClock,
    model: machineModel("axidraw_v3"),
    firmware: "2.8.1",
    waitsForItsTurn: true,
  });
  const pty = serveBoardOnPty(board);
  onTestFinished(() => pty.close());
  const file = join(dataDir(), "my_design.svg");
  writeFileSync(file, SVG);
  const daemon = await startDaemon({
    config: `devices:\n  - {id: axidraw_001, driver: ebb, port: ${pty.path}, model: axidraw_v3}\n`,
  });
  const client = await listen(daemon.url);
  await client.until((frame) => frame.type === "device_status" && frame.status === "connected");

  const plot = await plotty(["plot", file], { PLOTTY_URL: daemon.url });

  expect(plot.stderr).toContain("COMPLETED");
  expect(plot.code).toBe(0);

  const ink = board.ink();
  expect(farthest(sample(ink, 0.2), TRUTH)).toBeLessThan(0.1);
  expect(farthest(sample(TRUTH, 0.2), ink)).toBeLessThan(0.1);
  expect(board.starvations).toBe(0);
  expect(board.position).toEqual({ x: 0, y: 0 });

  await client.until((frame) => frame.to_state === "COMPLETED");
  for (const frame of client.frames) serverFrameSchema.parse(frame);
  const changes = client.frames.filter((frame) => frame.type === "job_state_change");
  expect(changes.map((frame) => frame.to_state)).toEqual([
    "NEW",
    "PLANNING",
    "QUEUED",
    "RUNNING",
    "COMPLETED",
  ]);
  expect(changes.every((frame) => frame.job_id === "my_design")).toBe(true);
  const started = client.frames.find((frame) => frame.type === "subscribed").seq;
  const durable = client.frames.map((frame) => frame.seq).filter((seq) => seq > started);
  expect(durable.length).toBeGreaterThanOrEqual(5);
  for (let i = 1; i < durable.length; i++) expect(durable[i]).toBe(durable[i - 1]! + 1);

  const shares = client.frames
    .filter((frame) => frame.type === "job_progress")
    .map((frame) => frame.progress);
  expect(shares.at(-1)).toBe(1);
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  const device = client.frames.filter((frame) => frame.type === "device_status" && frame.seq > started);
  expect(device.map((frame) => frame.status).slice(-2)).toEqual(["busy", "connected"]);

  expect(await daemon.end()).toBe(0);
  expect(board.penTouches).toBe(false);
}, 60_000);
