import { expect, test, vi } from "vitest";
import { ask, listen, startDaemon } from "../support/daemon.ts";
import { drawUntil, driverPids, expectWhole, penUp, resumeToEnd, studio } from "../support/studio.ts";

/** A daemon, a driver, a cable or the power that is gone in the middle of a stroke. On a real pseudo-terminal, in real time. */

vi.setConfig({ testTimeout: 60_000 });

test("after kill -9 of the daemon the driver brakes and lifts within 1 s; the next daemon goes on at the point", async () => {
  const { board, daemon, config, directory } = await studio("2.8.1");
  await drawUntil(daemon, board, 55);
  await daemon.end("SIGKILL");
  await penUp(board, 1000);
  const next = await startDaemon({ config, directory });
  expect((await ask(next.url, "/api/v1/jobs/long")).body.state).toBe("PAUSED");
  await resumeToEnd(next);
  expectWhole(board);
});

test("after kill -9 of the driver the pen is raised by a new one, and the job goes on where the board stopped", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 25);
  const { until } = await listen(daemon.url);
  for (const pid of driverPids(daemon)) process.kill(pid, "SIGKILL");
  await until((frame) => frame.to_state === "PAUSED");
  await penUp(board, 3000);
  await resumeToEnd(daemon);
  expectWhole(board);
});

test("a pulled cable pauses the job at once; back in, the pen is raised within 3 s and the job goes on", async () => {
  const { board, cable, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 25);
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
});

test("a board that lost its power in the middle of a drawing asks for home before it goes on", async () => {
  const { board, cable, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 25);
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
});
