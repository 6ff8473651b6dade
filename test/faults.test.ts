import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ask, type Frame, listen, plotty, type RunningDaemon, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";
import { farthest } from "./support/distance.ts";
import { drawUntil, expectWhole, inkLength, penUp, resumeToEnd, studio } from "./support/studio.ts";

/** What goes wrong at a machine, and what a person does there, while it draws. On a real pseudo-terminal, in real time. */

vi.setConfig({ testTimeout: 60_000 });

const DEVICE = "/api/v1/devices/axidraw_001";

function svg(d: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="80mm" viewBox="0 0 100 80">
    <path d="${d}" fill="none" stroke="black"/></svg>`;
}

async function add(daemon: RunningDaemon, name: string, d: string): Promise<void> {
  const file = join(dataDir(), `${name}.svg`);
  writeFileSync(file, svg(d));
  expect((await plotty(["add", file], { PLOTTY_URL: daemon.url })).code).toBe(0);
}

const isAlert = (frame: Frame) => frame.type === "system_alert";
const is = (status: string) => (frame: Frame) => frame.type === "device_status" && frame.status === status;

test.each(["2.5.3", "2.8.1", "3.0.2"])(
  "on firmware %s the carriage stands within 500 ms of a pause and the pen is off the paper 100 ms later, in a line at 50 mm/s",
  async (firmware) => {
    const { board, daemon } = await studio(firmware);
    const { until } = await listen(daemon.url);
    await until(is("connected"));
    await add(daemon, "line", "M5 10H95V50H5");
    await plotty(["ready"], { PLOTTY_URL: daemon.url });
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

test("motors without power: pen up, PAUSED with the reason and what to do; after power and home it goes on", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  board.fault("motorPowerOff");
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toContain("lost their power");
  const alert = await until((frame) => isAlert(frame) && frame.job_id === "long");
  expect(alert).toMatchObject({ level: "error", details: { code: "device.no-motor-power" } });
  expect(alert.message).toContain("switch the supply on again");
  await penUp(board, 1000);
  expect((await ask(daemon.url, DEVICE)).body).toMatchObject({ status: "error", motor_power: false });
  const resume = () => ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(await resume()).toMatchObject({ status: 409, body: { code: "device.unavailable" } });
  board.pushTo({ x: 0, y: 0 });
  board.fault("motorPowerOn");
  await until((frame) => isAlert(frame) && /power again/.test(frame.message));
  expect(await resume()).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  expect((await ask(daemon.url, `${DEVICE}/home`, "POST")).status).toBe(200);
  await resumeToEnd(daemon);
  // Drawn twice is what lay between the last good reading and the loss: 2 mm at 50 mm/s, on a busy host what the board held.
  expectWhole(board, 10);
});

test.each([
  ["errorReply", /answered .*TX Buffer overrun/],
  ["garbage", /sent ".*LM,4%"/],
  ["mute", /no reply to \w+/],
] as const)(
  "a board with the fault %s: pen up, PAUSED with that reason, and it can go on",
  async (fault, reason) => {
    const { board, cable, daemon } = await studio("3.0.2");
    await drawUntil(daemon, board, fault === "garbage" ? 150 : 10);
    const { until } = await listen(daemon.url);
    board.fault(fault);
    const paused = await until((frame) => frame.to_state === "PAUSED");
    expect(paused.reason).toMatch(reason);
    await until((frame) => isAlert(frame) && frame.level === "error" && frame.job_id === "long");
    await penUp(board, 1500);
    if (fault === "mute") {
      cable.unplug();
      cable.plugIn();
    }
    await until((frame) => is("paused")(frame) && Date.parse(frame.timestamp) > Date.parse(paused.timestamp));
    if (fault === "garbage") {
      await resumeToEnd(daemon);
      expectWhole(board);
    } else expect((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).body.state).toBe("RUNNING");
  },
);

test("a board that was reset within a stroke: PAUSED with the reason, home is asked for, then it goes on", async () => {
  const { board, daemon } = await studio("2.5.3");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  board.fault("reset");
  const inkedMm = inkLength(board);
  const paused = await until((frame) => frame.to_state === "PAUSED");
  const alert = await until((frame) => isAlert(frame) && frame.job_id === "long");
  expect(alert).toMatchObject({ level: "error", message: expect.stringContaining(paused.reason) });
  await penUp(board, 1000);
  await until((frame) => is("paused")(frame) && Date.parse(frame.timestamp) > Date.parse(paused.timestamp));
  expect(inkLength(board)).toBe(inkedMm);
  const resume = () => ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(await resume()).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  await ask(daemon.url, `${DEVICE}/motors`, "POST", JSON.stringify({ on: false }));
  board.pushTo({ x: 0, y: 0 });
  expect((await ask(daemon.url, `${DEVICE}/home`, "POST")).status).toBe(200);
  await resumeToEnd(daemon);
  // Twice is drawn what lay between the board's last word and the reset, some 80 ms at 50 mm/s.
  expectWhole(board, 6);
});

test("the machine's button: paper is ready, pause, resume", async () => {
  const { board, daemon } = await studio("2.5.3");
  const { until } = await listen(daemon.url);
  await until(is("connected"));
  await add(daemon, "line", "M10 10H60");
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
  await until(is("connected"));
  await add(daemon, "box", "M10 10H40 M10 20L40 30");
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
  await until(is("connected"));
  await add(daemon, "rows", "M10 10H40 M40 12H10 M10 14H40");
  const touches: number[] = [];
  const watch = setInterval(() => {
    if (board.penTouches !== (touches.length % 2 === 1)) touches.push(board.timeMs);
  }, 5);
  onTestFinished(() => clearInterval(watch));
  await plotty(["ready"], { PLOTTY_URL: daemon.url });
  while (touches.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  const changed = await plotty(["device", "pen", "--speed", "20", "--down-percent", "35"], {
    PLOTTY_URL: daemon.url,
  });
  expect(changed.code).toBe(0);
  await until((frame) => frame.to_state === "COMPLETED");
  const strokeMs = [0, 1, 2].map((i) => touches[2 * i + 1]! - touches[2 * i]!);
  // 30 mm at 50 mm/s take 0.85 s, at 20 mm/s 1.6 s; the pen also touches for some of its way down and up.
  expect(strokeMs[0]).toBeLessThan(1200);
  for (const ms of strokeMs.slice(1)) expect(ms).toBeGreaterThan(1550);
  expect(frames.filter((frame) => frame.to_state === "PLANNING")).toHaveLength(1);
  expect(inkLength(board)).toBeGreaterThan(89);
});

test("device_status says at most ten times a second where the carriage is, and that the pen is up while it travels", async () => {
  const { daemon } = await studio("2.8.1");
  const { until, frames } = await listen(daemon.url);
  await until(is("connected"));
  await add(daemon, "far", "M10 10H40 M90 70V40");
  await plotty(["ready"], { PLOTTY_URL: daemon.url });
  await until((frame) => frame.to_state === "COMPLETED");
  const told = frames.filter((frame) => frame.type === "device_status");
  const atMs = told.filter((frame) => frame.seq === undefined).map((frame) => Date.parse(frame.timestamp));
  for (let i = 10; i < atMs.length; i++) expect(atMs[i]! - atMs[i - 10]!).toBeGreaterThan(900);
  const inStroke = ({ position: { x, y } }: Frame) =>
    (y === 10 && x > 11 && x < 39) || (x === 90 && y < 69 && y > 41);
  const between = ({ position: { x, y } }: Frame) => x > 42 && x < 88 && y > 12 && y < 68;
  const busy = told.filter(is("busy"));
  expect(busy.filter(inStroke).map((frame) => frame.pen_up)).not.toContain(true);
  expect(busy.filter(between).map((frame) => frame.pen_up)).not.toContain(false);
  expect([busy.filter(inStroke).length > 4, busy.filter(between).length > 1]).toEqual([true, true]);
  const stats = await ask(daemon.url, "/api/v1/stats/devices");
  const { starved_strokes } = stats.body.devices[0];
  expect(stats.body.starved_strokes).toBe(starved_strokes);
  expect(starved_strokes).toBeLessThanOrEqual(2);
});

test("a second device on the same port is an error that names the port and says who may have it", async () => {
  const { cable, daemon, directory } = await studio("2.8.1");
  const { until } = await listen(daemon.url);
  await until(is("connected"));
  const other = await startDaemon({
    config: `devices: [{id: second, driver: ebb, port: ${cable.path}}]\n`,
    directory: join(dataDir()),
  });
  const { until: untilOther } = await listen(other.url);
  const alert = await untilOther(isAlert);
  expect(alert.message).toContain(`${join(directory, "ttyEBB")} is used by another program`);
  expect((await ask(other.url, "/api/v1/devices/second")).body.status).toBe("error");
});

test("at home nothing is lost with the power, and a restart of the daemon asks for nothing; stopped by hand it stays lost", async () => {
  const { board, daemon, config, directory } = await studio("2.5.3");
  await drawUntil(daemon, board, 40);
  expect(await daemon.end("SIGTERM")).toBe(0);
  board.fault("reset");
  const next = await startDaemon({ config, directory });
  const first = await listen(next.url);
  await first.until(is("paused"));
  expect((await ask(next.url, "/api/v1/jobs/long/resume", "POST")).body.state).toBe("RUNNING");
  await first.until((frame) => is("busy")(frame) && frame.pen_up === false);
  await ask(next.url, `${DEVICE}/stop`, "POST");
  await first.until((frame) => frame.to_state === "PAUSED");
  expect(await next.end("SIGTERM")).toBe(0);
  const last = await startDaemon({ config, directory });
  await (await listen(last.url)).until(is("paused"));
  const refused = await ask(last.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  const cancelled = await ask(last.url, "/api/v1/jobs/long/cancel", "POST");
  expect(cancelled.body.state).toBe("CANCELLED");
  await add(last, "next", "M10 10H40");
  await plotty(["ready"], { PLOTTY_URL: last.url });
  expect((await ask(last.url, "/api/v1/jobs/next")).body.state).not.toBe("RUNNING");
});

/** A disk of its own takes the administrator. */
const canMount = (() => {
  const path = "/tmp/plotty-mount-probe";
  try {
    mkdirSync(path, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", path], { stdio: "ignore" });
    execFileSync("umount", [path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!canMount)(
  "a full disk stops no plot: when there is room again its end is kept, and told once",
  async () => {
    const directory = dataDir();
    const data = join(directory, "data");
    mkdirSync(data);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", data]);
    onTestFinished(() => void execFileSync("umount", ["-l", data]));
    const { board, daemon } = await studio("2.8.1", directory);
    const { until, frames } = await listen(daemon.url);
    await until(is("connected"));
    await add(daemon, "line", "M10 10H60");
    await plotty(["ready"], { PLOTTY_URL: daemon.url });
    while (inkLength(board) < 10) await new Promise((resolve) => setTimeout(resolve, 20));
    const ballast = join(data, "ballast");
    expect(() => writeFileSync(ballast, Buffer.alloc(8_000_000))).toThrow("ENOSPC");
    while (inkLength(board) < 49.9 || board.position.x > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await ask(daemon.url, "/healthz")).status).toBe(200);
    rmSync(ballast);
    await until((frame) => frame.to_state === "COMPLETED");
    // So small a disk may be told to be low, too; that it refused is told once.
    const isRefusal = (frame: Frame) => isAlert(frame) && frame.details.code === "disk.full";
    await until(isRefusal);
    expect(frames.filter(isRefusal).map(({ message }) => message)).toEqual([expect.any(String)]);
  },
);
