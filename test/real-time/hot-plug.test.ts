import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { ask, type Frame, listen, plotty, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { drawUntil, expectWhole, inkLength, penUp, resumeToEnd } from "../support/studio.ts";
import { canFakeUsb, Usb } from "../support/usb.ts";

/** Machines that come, go and change their ports. On real pseudo-terminals, in real time. */

vi.setConfig({ testTimeout: 60_000 });

const is = (id: string, status: string) => (frame: Frame) =>
  frame.type === "device_status" && frame.device_id === id && frame.status === status;

function newBoard(firmware: string, nickname: string): SimBoard {
  return new SimBoard({ clock: systemClock, model: "axidraw_v3", firmware, nickname, waitsForItsTurn: true });
}

test.skipIf(!canFakeUsb)(
  "a machine known by its nickname is pulled out, another takes its port, and under a new one it goes on where it stopped",
  async () => {
    const usb = new Usb();
    const board = newBoard("2.8.1", "East");
    const config = "devices:\n  - {id: axidraw_001, driver: ebb, port: 'nickname:East'}\n";
    const daemon = await startDaemon({ config, wrap: usb.wrap });
    usb.plugIn(board, "a", "East");
    await drawUntil(daemon, board, 30);
    const { until } = await listen(daemon.url);
    usb.unplug("a");
    await until((frame) => frame.to_state === "PAUSED");
    const stranger = newBoard("2.8.1", "West");
    usb.plugIn(stranger, "a", "West");
    const path = usb.plugIn(board, "b", "East");
    await penUp(board, 3000);
    await until(is("axidraw_001", "paused"));
    expect((await ask(daemon.url, "/api/v1/devices/axidraw_001")).body).toMatchObject({
      port: path,
      nickname: "East",
    });
    await resumeToEnd(daemon);
    expectWhole(board);
    expect(inkLength(stranger)).toBe(0);
  },
);

test.skipIf(!canFakeUsb)(
  "two machines found on USB draw at once, and each keeps its name when their ports are swapped and the daemon is new",
  async () => {
    const usb = new Usb();
    const boards = { North: newBoard("2.5.3", ""), South: newBoard("3.0.2", "South") };
    const directory = dataDir();
    const daemon = await startDaemon({ config: "devices: []\n", directory, wrap: usb.wrap });
    usb.plugIn(boards.North, "a", "North");
    const { until } = await listen(daemon.url);
    await until(is("axidraw_001", "connected"));
    usb.plugIn(boards.South, "b", "South");
    await until(is("axidraw_002", "connected"));
    const file = join(dataDir(), "line.svg");
    writeFileSync(
      file,
      `<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="20mm" viewBox="0 0 90 20"><path d="M5 5H35V15" fill="none" stroke="black"/></svg>`,
    );
    const env = { PLOTTY_URL: daemon.url };
    for (const name of ["one", "two"])
      expect((await plotty(["add", file, "--name", name], env)).code).toBe(0);
    for (const id of ["axidraw_001", "axidraw_002"])
      await ask(daemon.url, `/api/v1/devices/${id}/ready`, "POST", "{}");
    const touching = () => Object.values(boards).filter((board) => board.penTouches).length;
    while (touching() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await until((frame) => frame.job_id === "one" && frame.to_state === "COMPLETED");
    await until((frame) => frame.job_id === "two" && frame.to_state === "COMPLETED");
    for (const board of Object.values(boards)) expect(inkLength(board)).toBeGreaterThan(39.9);
    expect(await daemon.end("SIGTERM")).toBe(0);
    usb.unplug("a");
    usb.unplug("b");
    const next = await startDaemon({ config: "devices: []\n", directory, wrap: usb.wrap });
    const paths = {
      axidraw_002: usb.plugIn(boards.South, "a", "South"),
      axidraw_001: usb.plugIn(boards.North, "b", "North"),
    };
    const again = await listen(next.url);
    for (const [id, path] of Object.entries(paths)) {
      await again.until(is(id, "connected"));
      expect((await ask(next.url, `/api/v1/devices/${id}`)).body.port).toBe(path);
    }
  },
);
