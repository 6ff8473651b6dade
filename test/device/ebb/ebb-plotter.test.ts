import { beforeEach, describe, expect, test } from "vitest";
import { createEbbPlotter } from "../../../src/daemon/device/ebb/ebb-plotter.ts";
import { type SimBoard, simulateBoard } from "../../../src/daemon/device/link/sim-board.ts";
import { createSimLink } from "../../../src/daemon/device/link/sim-link.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import type { Plotter } from "../../../src/daemon/device/plotter.ts";
import { drawLine } from "../../support/draw.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { ScriptLink } from "../../support/script-link.ts";

const model = machineModel("axidraw_v3");
const TRAVEL = { speed: 200, accel: 400 };
const DRAWING = { speed: 50, accel: 200 };
const never = new AbortController().signal;

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

function newBoard(firmware: string, nickname = ""): SimBoard {
  return simulateBoard({ clock, model, firmware, nickname });
}

/** A plotter on a new cable to the board, not yet opened, and the commands that it sends. */
function plug(board: SimBoard): { plotter: Plotter; sent: string[] } {
  const link = createSimLink(board, "virtual_001");
  const sent: string[] = [];
  const send = link.send.bind(link);
  link.send = (command) => {
    sent.push(command);
    send(command);
  };
  return { plotter: createEbbPlotter({ link, model, clock }), sent };
}

async function opened(firmware: string) {
  const board = newBoard(firmware);
  const { plotter, sent } = plug(board);
  await clock.runUntil(plotter.open(never));
  return { board, plotter, sent };
}

describe.each(["2.5.3", "2.8.1", "3.0.2"])("firmware %s", (firmware) => {
  test("a 10 mm square has its corners where they belong, in the planned time, and never starves", async () => {
    const { board, plotter, sent } = await opened(firmware);
    await clock.runUntil(plotter.drained(never));
    const startMs = clock.monotonicMs();
    const square = async () => {
      await drawLine(plotter, { x: 20, y: 20 }, TRAVEL);
      await plotter.lowerPen(0.12);
      for (const to of [
        { x: 30, y: 20 },
        { x: 30, y: 30 },
        { x: 20, y: 30 },
        { x: 20, y: 20 },
      ]) {
        await drawLine(plotter, to, DRAWING);
      }
      await plotter.raisePen(0.12);
      await drawLine(plotter, { x: 0, y: 0 }, TRAVEL);
      await plotter.drained(never);
    };
    await clock.runUntil(square());
    // Two travels of 28.284 mm at 400 mm/s² without cruise, four sides of 10 mm (0.25 s ramps, none cruising), two pen moves.
    const plannedMs = 1000 * (2 * 2 * Math.sqrt(28.2843 / 400) + 4 * 2 * Math.sqrt(10 / 200) + 0.24);
    expect(Math.abs(clock.monotonicMs() - startMs - plannedMs)).toBeLessThan(15);
    expect(board.position).toEqual({ x: 0, y: 0 });
    const [ink, ...more] = board.ink();
    expect(more).toEqual([]);
    for (let i = 0; i < ink!.length; i += 2) {
      const fromEdge = Math.max(Math.abs(ink![i]! - 25), Math.abs(ink![i + 1]! - 25)) - 5;
      expect(Math.abs(fromEdge)).toBeLessThan(0.02);
    }
    expect([board.starvations, plotter.starvations]).toEqual([0, 0]);
    expect(board.fastestStepsPerS).toBeLessThanOrEqual(25_000);
    for (const command of sent) expect(command.length).toBeLessThan(64);
  });

  test("opening raises a pen that was left on the paper, before it touches the motors", async () => {
    const board = newBoard(firmware);
    const first = plug(board);
    await clock.runUntil(first.plotter.open(never));
    await clock.runUntil(first.plotter.lowerPen(0.12).then(() => first.plotter.drained(never)));
    expect(board.penTouches).toBe(true);
    await first.plotter.close();
    const { plotter, sent } = plug(board);
    await clock.runUntil(plotter.open(never));
    await clock.advanceAsync(200);
    expect(board.penTouches).toBe(false);
    const acting = sent.filter((command) => /^(SP|EM|LM|SM|CS|R)/.test(command));
    expect(acting[0]).toMatch(/^SP,1,/);
  });

  test("a half-sent command of a former owner and its late answers do not disturb the opening", async () => {
    const board = newBoard(firmware);
    board.receive("SM,300,800,800\rSM,300,800,800\rSM,300,800,800\rQS\rLM,1234");
    const { plotter } = plug(board);
    const info = await clock.runUntil(plotter.open(never));
    expect(info.firmware).toBe(firmware);
    expect((await clock.runUntil(plotter.executedPosition())).x).toBeCloseTo(info.positionKnown ? 30 : 0, 6);
  });

  test("a board that was left away from the origin keeps its counters and is believed", async () => {
    const { board, plotter } = await opened(firmware);
    await clock.runUntil(drawLine(plotter, { x: 30, y: 12 }, TRAVEL).then(() => plotter.drained(never)));
    await plotter.close();
    const again = plug(board);
    const info = await clock.runUntil(again.plotter.open(never));
    expect(info.positionKnown).toBe(true);
    expect(again.sent.filter((command) => command.startsWith("EM"))).toEqual([]);
    expect(again.plotter.queuedPosition).toEqual({ x: 30, y: 12 });
    expect(await clock.runUntil(again.plotter.executedPosition())).toEqual({ x: 30, y: 12 });
  });

  test("a board that lost its power is enabled anew and its position is not believed", async () => {
    const { board, plotter } = await opened(firmware);
    await clock.runUntil(drawLine(plotter, { x: 30, y: 12 }, TRAVEL).then(() => plotter.drained(never)));
    await plotter.close();
    board.fault("reset");
    const again = plug(board);
    const info = await clock.runUntil(again.plotter.open(never));
    expect(info.positionKnown).toBe(false);
    expect(again.sent).toContain("EM,1,1");
    expect(board.motorsOn).toBe(true);
    expect(again.plotter.queuedPosition).toEqual({ x: 0, y: 0 });
  });

  test("counters of a board that was reset are not believed, although a move after it has switched the motors on", async () => {
    const { board, plotter } = await opened(firmware);
    await clock.runUntil(drawLine(plotter, { x: 30, y: 12 }, TRAVEL).then(() => plotter.drained(never)));
    board.fault("reset");
    await clock.runUntil(drawLine(plotter, { x: 60, y: 12 }, TRAVEL).then(() => plotter.drained(never)));
    expect(board.motorsOn).toBe(true);
    expect((await clock.runUntil(plotter.executedPosition())).x).toBeCloseTo(30, 6);
    await plotter.close();
    const info = await clock.runUntil(plug(board).plotter.open(never));
    expect(info.positionKnown).toBe(false);
  });

  test("motors switched off and on forget the position; a new origin makes it known", async () => {
    const { board, plotter } = await opened(firmware);
    await clock.runUntil(drawLine(plotter, { x: 10, y: 10 }, TRAVEL));
    await clock.runUntil(plotter.enableMotors(false));
    expect(board.motorsOn).toBe(false);
    expect(plotter.info.positionKnown).toBe(false);
    await clock.runUntil(plotter.enableMotors(true));
    expect(board.motorsOn).toBe(true);
    expect(plotter.queuedPosition).toEqual({ x: 0, y: 0 });
    await clock.runUntil(drawLine(plotter, { x: 5, y: 0 }, TRAVEL));
    await clock.runUntil(plotter.setOrigin());
    expect(plotter.info.positionKnown).toBe(true);
    expect(await clock.runUntil(plotter.executedPosition())).toEqual({ x: 0, y: 0 });
  });

  test("an emergency stop halts within what is queued, and the position is no longer trusted", async () => {
    const { board, plotter } = await opened(firmware);
    let halted = false;
    const move = plotter.move.bind(plotter);
    plotter.move = (slice) => (halted ? Promise.reject(new Error("halted")) : move(slice));
    const drawing = expect(drawLine(plotter, { x: 200, y: 0 }, TRAVEL)).rejects.toThrow("halted");
    await clock.advanceAsync(700);
    const before = board.position.x;
    halted = true;
    const stopping = plotter.emergencyStop();
    await drawing; // its last move was held back by a full queue and is no longer
    await clock.runUntil(stopping);
    const stopped = board.position;
    expect(stopped.x - before).toBeLessThan(200 * 0.22);
    await clock.advanceAsync(1000);
    expect(board.position).toEqual(stopped);
    expect(plotter.queuedPosition).toEqual(stopped);
    expect(plotter.queuedS).toBe(0);
    expect(plotter.info.positionKnown).toBe(false);
  });
});

test("a machine that stands at its origin with its motors on is believed where the board can tell (2.8)", async () => {
  const { board, plotter } = await opened("2.8.1");
  await plotter.close();
  const again = plug(board);
  expect((await clock.runUntil(again.plotter.open(never))).positionKnown).toBe(true);
  expect(again.sent).not.toContain("EM,1,1");
});

test("options of another program, such as future syntax or OK switched off, are set back", async () => {
  const board = newBoard("3.0.2");
  board.receive("CU,1,0\rCU,4,5\rCU,10,1\r");
  const { plotter, sent } = plug(board);
  const info = await clock.runUntil(plotter.open(never));
  expect(info.firmware).toBe("3.0.2");
  expect(sent).toEqual(expect.arrayContaining(["CU,10,0", "CU,1,1", "CU,4,1"]));
});

test.each([["East EBB"], ["OK"]])("a board named %s is taken in", async (nickname) => {
  const { plotter } = plug(newBoard("2.8.1", nickname));
  const info = await clock.runUntil(plotter.open(never));
  expect(info.nickname).toBe(nickname === "OK" ? null : nickname);
});

test("while slices come faster than they are drawn, 150 to 200 ms of motion wait", async () => {
  const { plotter } = await opened("3.0.2");
  const queued: number[] = [];
  const move = plotter.move.bind(plotter);
  plotter.move = async (slice) => {
    await move(slice);
    queued.push(plotter.queuedS);
  };
  await clock.runUntil(drawLine(plotter, { x: 100, y: 0 }, { ...DRAWING, sliceS: 0.05 }));
  expect(Math.max(...queued)).toBeLessThanOrEqual(0.2);
  expect(Math.min(...queued.slice(10, -5))).toBeGreaterThan(0.1);
});

test("slices of 6 ms keep the board fed without a gap", async () => {
  const { board, plotter } = await opened("2.8.1");
  await clock.runUntil(
    drawLine(plotter, { x: 50, y: 30 }, { ...DRAWING, sliceS: 0.006 }).then(() => plotter.drained(never)),
  );
  expect([board.starvations, plotter.starvations]).toEqual([0, 0]);
  expect(board.position).toEqual({ x: 50, y: 30 });
});

test("when this process stops for 400 ms in a stroke, board and plotter both count one starvation", async () => {
  const { board, plotter } = await opened("2.8.1");
  const stroke = drawLine(plotter, { x: 100, y: 0 }, DRAWING);
  await clock.advanceAsync(600);
  clock.advance(400); // timers run, promises do not
  await clock.runUntil(stroke.then(() => plotter.drained(never)));
  expect([board.starvations, plotter.starvations]).toEqual([1, 1]);
  expect(board.position).toEqual({ x: 100, y: 0 });
});

test.each([
  [20, 120],
  [6, 90],
])("slices of %d ms bridge %d ms in which this process does nothing", async (sliceMs, pauseMs) => {
  const { board, plotter } = await opened("2.8.1");
  const stroke = drawLine(plotter, { x: 100, y: 0 }, { ...DRAWING, sliceS: sliceMs / 1000 });
  await clock.advanceAsync(600);
  clock.advance(pauseMs);
  await clock.runUntil(stroke.then(() => plotter.drained(never)));
  expect([board.starvations, plotter.starvations]).toEqual([0, 0]);
});

test("the executed position lags behind the queued one and catches up", async () => {
  const { plotter } = await opened("3.0.2");
  const stroke = drawLine(plotter, { x: 100, y: 0 }, DRAWING);
  await clock.advanceAsync(1000);
  const executed = await clock.runUntil(plotter.executedPosition());
  const lag = plotter.queuedPosition.x - executed.x;
  expect(lag).toBeGreaterThan(2);
  expect(lag).toBeLessThan(50 * 0.21);
  await clock.runUntil(stroke.then(() => plotter.drained(never)));
  expect(await clock.runUntil(plotter.executedPosition())).toEqual({ x: 100, y: 0 });
});

test("another pen moves the servo to its own heights: 70 % up is a pulse of 22438", async () => {
  const { plotter, sent } = await opened("2.8.1");
  const pen = {
    name: "brush",
    widthMm: 1,
    color: "#000",
    upPercent: 70,
    downPercent: 30,
    liftS: 0.3,
    dropS: 0.3,
  };
  await clock.runUntil(plotter.usePen({ ...pen, speedMmPerS: 50, accelMmPerS2: 200 }));
  expect(sent.slice(-8)).toEqual(expect.arrayContaining(["SC,4,22438", "SC,5,15248", "SP,1,240"]));
});

test("motor power, current and the button are asked of the board", async () => {
  const { board, plotter } = await opened("2.8.1");
  const power = await clock.runUntil(plotter.motorPower());
  expect(power.powered).toBe(true);
  expect(power.currentA).toBeCloseTo(0.72, 2);
  board.fault("motorPowerOff");
  expect((await clock.runUntil(plotter.motorPower())).powered).toBe(false);
  board.pressButton();
  expect(await clock.runUntil(plotter.buttonPressed())).toBe(true);
  expect(await clock.runUntil(plotter.buttonPressed())).toBe(false);
});

describe("in the middle of a stroke", () => {
  test.each([
    ["unplug", "device.link-closed"],
    ["garbage", "device.reply-invalid"],
    ["mute", "device.reply-timeout"],
  ] as const)("%s ends it with %s, and every later call too", async (fault, code) => {
    const { board, plotter } = await opened("2.8.1");
    const stroke = drawLine(plotter, { x: 100, y: 0 }, DRAWING);
    const outcome = expect(stroke).rejects.toMatchObject({ code });
    await clock.advanceAsync(500);
    board.fault(fault);
    await clock.advanceAsync(3000);
    await outcome;
    await expect(plotter.raisePen(0.1)).rejects.toMatchObject({ code });
    await expect(plotter.drained(never)).rejects.toMatchObject({ code });
    await expect(plotter.executedPosition()).rejects.toMatchObject({ code });
  });
});

describe("opening", () => {
  test("something that answers but is no EBB is told by name", async () => {
    const link = new ScriptLink();
    const opening = createEbbPlotter({ link, model, clock }).open(never);
    const outcome = expect(opening).rejects.toMatchObject({ code: "device.not-ebb" });
    link.say("Grbl 1.1h ['$' for help]");
    await clock.advanceAsync(3000);
    await outcome;
  });

  test("silence is a time-out", async () => {
    const opening = createEbbPlotter({ link: new ScriptLink(), model, clock }).open(never);
    const outcome = expect(opening).rejects.toMatchObject({ code: "device.reply-timeout" });
    await clock.advanceAsync(3000);
    await outcome;
  });

  test("firmware 2.4.2 is refused", async () => {
    const link = new ScriptLink();
    const opening = createEbbPlotter({ link, model, clock }).open(never);
    link.say("EBBv13_and_above EB Firmware Version 2.4.2");
    await expect(opening).rejects.toMatchObject({ code: "device.firmware-too-old" });
  });

  test("ends with the signal's reason when it is aborted", async () => {
    const abort = new AbortController();
    const opening = createEbbPlotter({ link: new ScriptLink(), model, clock }).open(abort.signal);
    abort.abort(new Error("not wanted any more"));
    await expect(opening).rejects.toThrow("not wanted any more");
  });

  test("nothing can be asked before it", async () => {
    const { plotter } = plug(newBoard("3.0.2"));
    await expect(plotter.executedPosition()).rejects.toMatchObject({ code: "device.unavailable" });
  });
});

test.each(["garbage", "mute"] as const)(
  "after %s the pen is raised behind what was queued",
  async (fault) => {
    const { board, plotter } = await opened("2.8.1");
    await clock.runUntil(plotter.lowerPen(0.12).then(() => plotter.drained(never)));
    const stroke = drawLine(plotter, { x: 100, y: 0 }, DRAWING);
    const outcome = expect(stroke).rejects.toMatchObject({ code: expect.stringMatching(/^device\.reply-/) });
    await clock.advanceAsync(500);
    expect(board.penTouches).toBe(true);
    board.fault(fault);
    await clock.advanceAsync(2000);
    await outcome;
    expect(board.penTouches).toBe(false);
  },
);

test("a dot, whose slices make no step, goes down and up in its place", async () => {
  const { board, plotter } = await opened("3.0.2");
  const dot = async () => {
    await plotter.lowerPen(0.12);
    await plotter.move({ to: { x: 0.001, y: 0 }, durationS: 0.02, startMmPerS: 0, endMmPerS: 0 });
    await plotter.raisePen(0.12);
    await plotter.drained(never);
  };
  await clock.runUntil(dot());
  expect(board.ink()).toEqual([Float64Array.of(0, 0)]);
});
