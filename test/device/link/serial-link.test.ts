import { expect, test } from "vitest";
import { createEbbPlotter } from "../../../src/daemon/device/ebb/ebb-plotter.ts";
import { openSerialLink } from "../../../src/daemon/device/link/serial-link.ts";
import { simulateBoard } from "../../../src/daemon/device/link/sim-board.ts";
import { SIM_FIRMWARES } from "../../../src/daemon/device/link/sim-firmware.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { polylineLength } from "../../../src/shared/geometry.ts";
import { drawArc, drawLine } from "../../support/draw.ts";
import { openPty, serveBoardOnPty } from "../../support/pty.ts";

const never = new AbortController().signal;
const model = machineModel("axidraw_v3");

test.concurrent.each(SIM_FIRMWARES)(
  "a square with round corners over a real serial port is drawn within 0.03 mm by %s",
  async (firmware) => {
    const board = simulateBoard({ clock: systemClock, model, firmware });
    const pty = serveBoardOnPty(board);
    const link = await openSerialLink(pty.path, never);
    const plotter = createEbbPlotter({ link, model, clock: systemClock });
    await plotter.open(never);
    await drawLine(plotter, { x: 6, y: 5 }, { speed: 200, accel: 400 });
    await plotter.lowerPen(0.12);
    for (const side of [0, 1, 2, 3]) {
      const at = corner(side, 14, 5);
      await drawLine(plotter, at, { speed: 20, accel: 200, startSpeed: side === 0 ? 0 : 10, endSpeed: 10 });
      await drawArc(plotter, corner(side, 14, 6), side * 90 - 90, 90, 10);
    }
    await plotter.drained(never);
    await plotter.raisePen(0.12);
    await plotter.drained(never);
    const ink = board.ink();
    expect(ink).toHaveLength(1);
    const points = ink[0]!;
    let worst = 0;
    for (let i = 0; i < points.length; i += 2) {
      worst = Math.max(worst, Math.abs(distanceToRoundSquare(points[i]! - 10, points[i + 1]! - 10)));
    }
    expect(worst).toBeLessThan(0.03);
    expect(polylineLength(points)).toBeCloseTo(32 + 2 * Math.PI, 0);
    expect([points[0], points[1]]).toEqual([6, 5]);
    await plotter.close();
    board.close();
    pty.close();
  },
);

test("a pulled cable ends the link with an error, once", async () => {
  const pty = openPty();
  const link = await openSerialLink(pty.path, never);
  const ends: (Error | undefined)[] = [];
  const ended = new Promise<void>((resolve) => {
    link.onEnd = (error) => {
      ends.push(error);
      resolve();
    };
  });
  pty.close();
  await ended;
  await link.close();
  expect(ends).toHaveLength(1);
  expect(ends[0]).toBeInstanceOf(Error);
});

test("closing a link tells its end without an error, and a second close does nothing", async () => {
  const pty = openPty();
  const link = await openSerialLink(pty.path, never);
  const ends: (Error | undefined)[] = [];
  link.onEnd = (error) => ends.push(error);
  await link.close();
  await link.close();
  expect(ends).toEqual([undefined]);
  pty.close();
});

test("lines arrive whole whatever mix of line ends the board sends, empty ones are dropped", async () => {
  const pty = openPty();
  const link = await openSerialLink(pty.path, never);
  const lines: string[] = [];
  const three = new Promise<void>((resolve) => {
    link.onLine = (line) => {
      lines.push(line);
      if (lines.length === 3) resolve();
    };
  });
  pty.write("1421,-4");
  pty.write("29\n\rOK\r\n\r\n");
  pty.write("QM,0,0,0,0\n\r");
  await three;
  expect(lines).toEqual(["1421,-429", "OK", "QM,0,0,0,0"]);
  await link.close();
  pty.close();
});

test("a port that does not exist is told by name with what to do", async () => {
  await expect(openSerialLink("/dev/ttyNOPLOTTER9", never)).rejects.toMatchObject({
    code: "device.port-missing",
    message: expect.stringContaining("/dev/ttyNOPLOTTER9"),
  });
});

test("a port that another program holds is told as busy", async () => {
  const pty = openPty();
  const link = await openSerialLink(pty.path, never);
  await expect(openSerialLink(pty.path, never)).rejects.toMatchObject({
    code: "device.port-busy",
    message: expect.stringContaining("ModemManager"),
  });
  await link.close();
  pty.close();
});

function corner(side: number, far: number, near: number): { x: number; y: number } {
  // Ends of the straight sides, or centres of the corner arcs, of a square 5 … 15 with radius 1, clockwise on paper.
  const turn = side * (Math.PI / 2);
  const [dx, dy] = [far - 10, near - 10];
  return {
    x: 10 + dx * Math.cos(turn) - dy * Math.sin(turn),
    y: 10 + dx * Math.sin(turn) + dy * Math.cos(turn),
  };
}

/** To the outline of a square of 10 mm with corners of radius 1 around 0, 0. */
function distanceToRoundSquare(x: number, y: number): number {
  const dx = Math.abs(x) - 4;
  const dy = Math.abs(y) - 4;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - 1;
}
