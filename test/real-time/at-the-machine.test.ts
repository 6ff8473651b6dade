import { expect, onTestFinished, test, vi } from "vitest";
import { addPath, declareReady, isStatus } from "../support/at-machine.ts";
import { ask, type Frame, listen, plotty } from "../support/daemon.ts";
import { farthest } from "../support/distance.ts";
import { inkLength, penUp, studio } from "../support/studio.ts";

/** What a person does at a machine, and what is told of it. On a real pseudo-terminal, in real time. */

vi.setConfig({ testTimeout: 60_000 });

test.each(["2.5.3", "2.8.1", "3.0.2"])(
  "on firmware %s the carriage stands within 500 ms of a pause and the pen is off the paper 100 ms later, in a line at 50 mm/s",
  async (firmware) => {
    const { board, daemon } = await studio(firmware);
    const { until } = await listen(daemon.url);
    await until(isStatus("connected"));
    await addPath(daemon.url, "line", "M5 10H95V50H5");
    await declareReady(daemon.url);
    const took: { standsMs: number; offPaperMs: number }[] = [];
    // A host that is busy otherwise makes a pause longer, never shorter: the best of three is plotty's own.
    for (const atMm of [30, 120, 160]) {
      while (inkLength(board) < atMm) await new Promise((resolve) => setTimeout(resolve, 10));
      const asked = performance.now();
      const answer = ask(daemon.url, "/api/v1/jobs/line/pause", "POST");
      let [inkMm, standsMs] = [0, 0];
      while (board.penTouches) {
        if (inkLength(board) > inkMm) [inkMm, standsMs] = [inkLength(board), performance.now() - asked];
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      took.push({ standsMs, offPaperMs: performance.now() - asked });
      expect((await answer).body.state).toBe("PAUSED");
      if (took.some(({ standsMs, offPaperMs }) => standsMs < 500 && offPaperMs < 600)) return;
      await ask(daemon.url, "/api/v1/jobs/line/resume", "POST");
    }
    // At 50 mm/s and 200 mm/s² the brake alone takes 250 ms.
    expect.fail(`it took ${JSON.stringify(took)}`);
  },
);

test("the machine's button: paper is ready, pause, resume", async () => {
  const { board, daemon } = await studio("2.5.3");
  const { until } = await listen(daemon.url);
  await until(isStatus("connected"));
  await addPath(daemon.url, "line", "M10 10H60");
  await until((frame) => frame.to_state === "QUEUED");
  board.pressButton();
  await until((frame) => frame.to_state === "RUNNING");
  while (inkLength(board) < 10) await new Promise((resolve) => setTimeout(resolve, 20));
  board.pressButton();
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toBe("Paused at the machine's button");
  await penUp(board, 500);
  board.pressButton();
  await until((frame) => frame.to_state === "COMPLETED");
  expect(inkLength(board)).toBeLessThan(50.5);
});

test("the outline of a job goes once around what it draws, pen up, and back; ink and place stay as they were", async () => {
  const { board, daemon } = await studio("2.8.1");
  const { until } = await listen(daemon.url);
  await until(isStatus("connected"));
  await addPath(daemon.url, "box", "M10 10H40 M10 20L40 30");
  await until((frame) => frame.to_state === "QUEUED");
  const places: number[] = [];
  const watch = setInterval(() => places.push(board.position.x, board.position.y), 10);
  const answer = await plotty(["device", "outline", "box"], { PLOTTY_URL: daemon.url });
  clearInterval(watch);
  expect(answer).toMatchObject({ code: 0, stdout: "axidraw_001: went around box\n" });
  const around = [[0, 0, 10, 10, 40, 10, 40, 30, 10, 30, 10, 10]];
  const seen = Array.from(
    { length: places.length / 2 },
    (_, i) => [places[2 * i]!, places[2 * i + 1]!] as const,
  );
  expect(farthest(seen, around)).toBeLessThan(0.1);
  expect(
    farthest(
      [
        [10, 10],
        [40, 10],
        [40, 30],
        [10, 30],
      ],
      [places],
    ),
  ).toBeLessThan(0.5);
  expect(board.ink()).toEqual([]);
  expect(board.position).toEqual({ x: 0, y: 0 });
});

test("a slower pen and another height hold from the next stroke on, without planning again", async () => {
  const { board, daemon } = await studio("3.0.2");
  const { until, frames } = await listen(daemon.url);
  await until(isStatus("connected"));
  await addPath(daemon.url, "rows", "M10 10H90 M40 12H10 M10 14H40");
  const touches: number[] = [];
  const watch = setInterval(() => {
    if (board.penTouches !== (touches.length % 2 === 1)) touches.push(board.timeMs);
  }, 5);
  onTestFinished(() => clearInterval(watch));
  await declareReady(daemon.url);
  while (touches.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  const changed = await plotty(["device", "pen", "--speed", "20", "--down-percent", "35"], {
    PLOTTY_URL: daemon.url,
  });
  expect(changed.code).toBe(0);
  await until((frame) => frame.to_state === "COMPLETED");
  const strokeMs = [0, 1, 2].map((i) => touches[2 * i + 1]! - touches[2 * i]!);
  // 80 mm at 50 mm/s take 1.85 s, for the command to get there; 30 mm at 20 mm/s 1.6 s, at 50 mm/s 0.85 s.
  // The pen also touches for some of its way down and up.
  expect(strokeMs[0]).toBeLessThan(2250);
  for (const ms of strokeMs.slice(1)) expect(ms).toBeGreaterThan(1550);
  expect(frames.filter((frame) => frame.to_state === "PLANNING")).toHaveLength(1);
  expect(inkLength(board)).toBeGreaterThan(139);
});

test("device_status says at most ten times a second where the carriage is, and that the pen is up while it travels", async () => {
  const { daemon } = await studio("2.8.1");
  const { until, frames } = await listen(daemon.url);
  await until(isStatus("connected"));
  await addPath(daemon.url, "far", "M10 10H40 M90 70V40");
  await declareReady(daemon.url);
  await until((frame) => frame.to_state === "COMPLETED");
  const told = frames.filter((frame) => frame.type === "device_status");
  const atMs = told.filter((frame) => frame.seq === undefined).map((frame) => Date.parse(frame.timestamp));
  for (let i = 10; i < atMs.length; i++) expect(atMs[i]! - atMs[i - 10]!).toBeGreaterThan(900);
  const inStroke = ({ position: { x, y } }: Frame) =>
    (y === 10 && x > 11 && x < 39) || (x === 90 && y < 69 && y > 41);
  const between = ({ position: { x, y } }: Frame) => x > 42 && x < 88 && y > 12 && y < 68;
  const busy = told.filter(isStatus("busy"));
  expect(busy.filter(inStroke).map((frame) => frame.pen_up)).not.toContain(true);
  expect(busy.filter(between).map((frame) => frame.pen_up)).not.toContain(false);
  expect([busy.filter(inStroke).length > 4, busy.filter(between).length > 1]).toEqual([true, true]);
  const stats = await ask(daemon.url, "/api/v1/stats/devices");
  const { starved_strokes } = stats.body.devices[0];
  expect(stats.body.starved_strokes).toBe(starved_strokes);
  expect(starved_strokes).toBeLessThanOrEqual(2);
});
