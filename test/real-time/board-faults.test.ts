import { expect, test, vi } from "vitest";
import { isAlert, isStatus } from "../support/at-machine.ts";
import { ask, listen } from "../support/daemon.ts";
import { drawUntil, expectWhole, inkLength, penUp, resumeToEnd, studio } from "../support/studio.ts";

/** What a board does wrong while it draws, and what a person does then. On a real pseudo-terminal, in real time. */

vi.setConfig({ testTimeout: 60_000 });

const DEVICE = "/api/v1/devices/axidraw_001";

test("motors without power: pen up, PAUSED with the reason and what to do; after power and home it goes on", async () => {
  const { board, daemon } = await studio("2.8.1");
  await drawUntil(daemon, board, 25);
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
    await drawUntil(daemon, board, fault === "garbage" ? 75 : 10);
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
    await until(
      (frame) => isStatus("paused")(frame) && Date.parse(frame.timestamp) > Date.parse(paused.timestamp),
    );
    if (fault === "garbage") {
      await resumeToEnd(daemon);
      expectWhole(board);
    } else expect((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).body.state).toBe("RUNNING");
  },
);

test("a board that was reset within a stroke: PAUSED with the reason, home is asked for, then it goes on", async () => {
  const { board, daemon } = await studio("2.5.3");
  await drawUntil(daemon, board, 25);
  const { until } = await listen(daemon.url);
  board.fault("reset");
  const inkedMm = inkLength(board);
  const paused = await until((frame) => frame.to_state === "PAUSED");
  const alert = await until((frame) => isAlert(frame) && frame.job_id === "long");
  expect(alert).toMatchObject({ level: "error", message: expect.stringContaining(paused.reason) });
  await penUp(board, 1000);
  await until(
    (frame) => isStatus("paused")(frame) && Date.parse(frame.timestamp) > Date.parse(paused.timestamp),
  );
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
