import { expect, test } from "vitest";
import { ask, listen, startDaemon } from "./support/daemon.ts";
import { drawUntil, driverPids, expectWhole, penUp, resumeToEnd, studio } from "./support/studio.ts";

test("a pause in the middle of a stroke brakes, lifts, and resumes at that very point", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 60);
  const asked = Date.now();
  const paused = await ask(daemon.url, "/api/v1/jobs/long/pause", "POST");
  expect(paused.body).toMatchObject({ state: "PAUSED", reason: "Paused on request" });
  expect(board.penTouches).toBe(false);
  // The whole answer, on a host that may be busy; how soon the pen is up is measured with the faults.
  expect(Date.now() - asked).toBeLessThan(3000);
  await resumeToEnd(daemon);
  expectWhole(board);
}, 60_000);

test("cancel brakes, lifts and parks, and the position is still true", async () => {
  const { board, daemon } = await studio("3.0.2");
  await drawUntil(daemon, board, 30);
  const cancelled = await ask(daemon.url, "/api/v1/jobs/long/cancel", "POST");
  expect(cancelled.body).toMatchObject({ state: "CANCELLED" });
  expect(board.penTouches).toBe(false);
  expect(board.position).toEqual({ x: 0, y: 0 });
}, 60_000);

test("SIGTERM raises the pen, parks, keeps the job as PAUSED and ends with 0; the next daemon goes on", async () => {
  const { board, daemon, config, directory } = await studio("2.5.3");
  await drawUntil(daemon, board, 80);
  expect(await daemon.end("SIGTERM")).toBe(0);
  expect(board.penTouches).toBe(false);
  expect(board.position).toEqual({ x: 0, y: 0 });
  const next = await startDaemon({ config, directory });
  const job = await ask(next.url, "/api/v1/jobs/long");
  expect(job.body).toMatchObject({ state: "PAUSED", reason: "daemon stopped" });
  await resumeToEnd(next);
  expectWhole(board);
}, 60_000);

test("after kill -9 of the daemon the driver brakes and lifts within 1 s; the next daemon goes on at the point", async () => {
  const { board, daemon, config, directory } = await studio("2.8.1");
  await drawUntil(daemon, board, 100);
  await daemon.end("SIGKILL");
  await penUp(board, 1000);
  const next = await startDaemon({ config, directory });
  expect((await ask(next.url, "/api/v1/jobs/long")).body.state).toBe("PAUSED");
  await resumeToEnd(next);
  expectWhole(board);
}, 60_000);

test("after kill -9 of the driver the pen is raised by a new one, and the job goes on where the board stopped", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  for (const pid of driverPids(daemon)) process.kill(pid, "SIGKILL");
  await until((frame) => frame.to_state === "PAUSED");
  await penUp(board, 3000);
  await resumeToEnd(daemon);
  expectWhole(board);
}, 60_000);

test("a pulled cable pauses the job at once; back in, the pen is raised within 3 s and the job goes on", async () => {
  const { board, cable, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  cable.unplug();
  const paused = await until((frame) => frame.to_state === "PAUSED");
  expect(paused.reason).toMatch(/cable|link/i);
  const alert = await until((frame) => frame.type === "system_alert" && frame.job_id === "long");
  expect(alert).toMatchObject({ level: "error", device_id: "axidraw_001" });
  const refused = await ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.unavailable" } });
  cable.plugIn();
  await penUp(board, 3000);
  await resumeToEnd(daemon);
  expectWhole(board);
}, 60_000);

test("stop halts at once and forgets the place: resume asks for home, and after it draws the rest", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
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
}, 60_000);

test("a board that lost its power in the middle of a drawing asks for home before it goes on", async () => {
  const { board, cable, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 50);
  const { until } = await listen(daemon.url);
  cable.unplug();
  await until((frame) => frame.to_state === "PAUSED");
  board.fault("reset");
  cable.plugIn();
  await until((frame) => frame.type === "device_status" && frame.status === "paused");
  const refused = await ask(daemon.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  await ask(daemon.url, "/api/v1/devices/axidraw_001/home", "POST");
  expect((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).status).toBe(200);
}, 60_000);
