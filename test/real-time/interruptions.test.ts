import { expect, test, vi } from "vitest";
import { ask, listen, startDaemon } from "../support/daemon.ts";
import { drawUntil, expectWhole, penUp, resumeToEnd, studio } from "../support/studio.ts";

/** A job that is interrupted on request, and what comes after. On a real pseudo-terminal, in real time. */

vi.setConfig({ testTimeout: 60_000 });

test("a pause in the middle of a stroke brakes, lifts, and resumes at that very point", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 30);
  const asked = Date.now();
  const paused = await ask(daemon.url, "/api/v1/jobs/long/pause", "POST");
  expect(paused.body).toMatchObject({ state: "PAUSED", reason: "Paused on request" });
  expect(board.penTouches).toBe(false);
  // The whole answer, on a host that may be busy; how soon the pen is up is measured with the faults.
  expect(Date.now() - asked).toBeLessThan(3000);
  await resumeToEnd(daemon);
  expectWhole(board);
});

test("cancel brakes, lifts and parks, and the position is still true", async () => {
  const { board, daemon } = await studio("3.0.2");
  await drawUntil(daemon, board, 30);
  const cancelled = await ask(daemon.url, "/api/v1/jobs/long/cancel", "POST");
  expect(cancelled.body).toMatchObject({ state: "CANCELLED" });
  expect(board.penTouches).toBe(false);
  expect(board.position).toEqual({ x: 0, y: 0 });
});

test("SIGTERM raises the pen, parks, keeps the job as PAUSED and ends with 0; the next daemon goes on", async () => {
  const { board, daemon, config, directory } = await studio("2.5.3");
  await drawUntil(daemon, board, 45);
  expect(await daemon.end("SIGTERM")).toBe(0);
  expect(board.penTouches).toBe(false);
  expect(board.position).toEqual({ x: 0, y: 0 });
  const next = await startDaemon({ config, directory });
  const job = await ask(next.url, "/api/v1/jobs/long");
  expect(job.body).toMatchObject({ state: "PAUSED", reason: "daemon stopped" });
  await resumeToEnd(next);
  expectWhole(board);
});

test("stop halts at once and forgets the place: resume asks for home, and after it draws the rest", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 25);
  const { until } = await listen(daemon.url);
  await ask(daemon.url, "/api/v1/devices/axidraw_001/stop", "POST");
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toContain("the position is unknown until it is homed");
  await penUp(board, 1000);
  const { body: device } = await ask(daemon.url, "/api/v1/devices/axidraw_001");
  expect(device).toMatchObject({ status: "paused", position: null });
  const refused = await ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  expect((await ask(daemon.url, "/api/v1/devices/axidraw_001/home", "POST")).body).toMatchObject({
    position: { x: 0, y: 0 },
  });
  expect((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).status).toBe(200);
});
