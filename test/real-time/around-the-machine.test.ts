import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { addPath, declareReady, isAlert, isStatus } from "../support/at-machine.ts";
import { ask, type Frame, listen, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { drawUntil, inkLength, studio, untilDrawn } from "../support/studio.ts";

/** What goes wrong around a machine: its port, its power while nobody draws, the disk. On a real pseudo-terminal, in real time. */

vi.setConfig({ testTimeout: 60_000 });

const DEVICE = "/api/v1/devices/axidraw_001";

test("a second device on the same port is an error that names the port and says who may have it", async () => {
  const { cable, daemon, directory } = await studio("2.8.1");
  const { until } = await listen(daemon.url);
  await until(isStatus("connected"));
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
  await drawUntil(daemon, board, 20);
  expect(await daemon.end("SIGTERM")).toBe(0);
  board.fault("reset");
  const next = await startDaemon({ config, directory });
  const first = await listen(next.url);
  await first.until(isStatus("paused"));
  expect((await ask(next.url, "/api/v1/jobs/long/resume", "POST")).body.state).toBe("RUNNING");
  await first.until((frame) => isStatus("busy")(frame) && frame.pen_up === false);
  await ask(next.url, `${DEVICE}/stop`, "POST");
  await first.until((frame) => frame.to_state === "PAUSED");
  expect(await next.end("SIGTERM")).toBe(0);
  const last = await startDaemon({ config, directory });
  await (await listen(last.url)).until(isStatus("paused"));
  const refused = await ask(last.url, "/api/v1/jobs/long/resume", "POST");
  expect(refused).toMatchObject({ status: 409, body: { code: "device.position-unknown" } });
  const cancelled = await ask(last.url, "/api/v1/jobs/long/cancel", "POST");
  expect(cancelled.body.state).toBe("CANCELLED");
  await addPath(last.url, "next", "M10 10H40");
  await declareReady(last.url);
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
    await until(isStatus("connected"));
    await addPath(daemon.url, "line", "M10 10H60");
    await declareReady(daemon.url);
    await untilDrawn(daemon.url, () => inkLength(board) >= 10);
    const ballast = join(data, "ballast");
    expect(() => writeFileSync(ballast, Buffer.alloc(8_000_000))).toThrow("ENOSPC");
    await untilDrawn(daemon.url, () => inkLength(board) >= 49.9 && board.position.x <= 0);
    // The board is home before the daemon hears of it: with room again by then, nothing would have been refused.
    while ((await ask(daemon.url, DEVICE)).body.status !== "connected") await turn();
    expect((await ask(daemon.url, "/api/v1/jobs/line")).body.state).toBe("RUNNING");
    expect((await ask(daemon.url, "/healthz")).status).toBe(200);
    rmSync(ballast);
    await until((frame) => frame.to_state === "COMPLETED");
    // So small a disk may be told to be low, too; that it refused is told once.
    const isRefusal = (frame: Frame) => isAlert(frame) && frame.details.code === "disk.full";
    await until(isRefusal);
    expect(frames.filter(isRefusal).map(({ message }) => message)).toEqual([expect.any(String)]);
  },
);

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
