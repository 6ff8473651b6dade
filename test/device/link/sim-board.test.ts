import { describe, expect, test } from "vitest";
import { type SimBoard, simulateBoard } from "../../../src/daemon/device/link/sim-board.ts";
import { machineModel } from "../../../src/daemon/device/models.ts";
import { FakeClock } from "../../support/fake-clock.ts";

/** A board and what it has said since it was last asked. */
function powerUp(firmware: string): {
  clock: FakeClock;
  board: SimBoard;
  ask: (...lines: string[]) => string;
} {
  const clock = new FakeClock();
  const board = simulateBoard({ clock, model: machineModel("axidraw_v3"), firmware, instant: true });
  let said = "";
  board.onData = (text) => {
    said += text;
  };
  return {
    clock,
    board,
    ask(...lines) {
      for (const line of lines) board.receive(`${line}\r`);
      const answer = said;
      said = "";
      return answer;
    },
  };
}

const ALL = ["2.5.3", "2.8.1", "3.0.2"];

describe.each(ALL)("firmware %s", (firmware) => {
  const isOld = firmware === "2.5.3";
  const isNew = firmware === "3.0.2";

  test("answers with the line ends and OKs of the real one", () => {
    const { ask } = powerUp(firmware);
    expect(ask("V")).toBe(`EBBv13_and_above EB Firmware Version ${firmware}\r\n`);
    expect(ask("QM")).toBe("QM,0,0,0,0\n\r");
    expect(ask("QS")).toBe("0,0\n\rOK\r\n");
    expect(ask("QB")).toBe("0\r\nOK\r\n");
    expect(ask("QC")).toBe(`${isNew ? "394,300" : "0394,0300"}\r\nOK\r\n`);
    expect(ask("QP")).toBe("1\n\rOK\r\n");
    expect(ask("ES")).toBe(`${isNew ? "0" : "0,0,0,0,0"}\n\rOK\r\n`);
    expect(ask("sp,1,10")).toBe("OK\r\n");
    expect(ask("R")).toBe(isNew ? "OK\r\n" : "OK\r\nOK\r\n");
  });

  test("knows QE, QG and QT only where the real one does", () => {
    const { ask } = powerUp(firmware);
    expect(ask("QE")).toBe(isOld ? "!8 Err: Unknown command 'QE:5145'\r\n" : "0,0\n\rOK\r\n");
    expect(ask("QG")).toBe(isOld ? "!8 Err: Unknown command 'QG:5147'\r\n" : isNew ? "10\r\n" : "D0\r\n");
    expect(ask("QT")).toBe(isOld ? "!8 Err: Unknown command 'QT:5154'\r\n" : "\r\nOK\r\n");
  });

  test("takes one move into its FIFO and one into its hands; the third waits, and all that comes after it", () => {
    const { ask, clock } = powerUp(firmware);
    expect(ask("SM,100,100,100")).toBe("OK\r\n");
    clock.advance(1);
    expect(ask("SM,100,100,100")).toBe("OK\r\n");
    expect(ask("SM,100,100,100", "QM")).toBe("");
    clock.advance(98);
    expect(ask()).toBe("");
    clock.advance(3);
    expect(ask()).toBe("OK\r\nQM,1,1,1,1\n\r");
    clock.advance(300);
    expect(ask("QS", "QM")).toBe("300,300\n\rOK\r\nQM,0,0,0,0\n\r");
  });

  test("ES halts a move where it is and drops the one behind it", () => {
    const { ask, clock, board } = powerUp(firmware);
    ask("SM,1000,1000,1000");
    clock.advance(1);
    ask("SM,1000,1000,1000");
    clock.advance(499.5);
    expect(ask("ES")).toMatch(isNew ? /^1\n\rOK/ : /^1,1000,1000,50\d,50\d\n\rOK/);
    clock.advance(5000);
    expect(board.position.x).toBeCloseTo(500 / 80, 1);
    expect(ask("QM")).toBe("QM,0,0,0,0\n\r");
  });

  test("refuses what the real one refuses", () => {
    const { ask } = powerUp(firmware);
    const [invalid, extra] = isOld
      ? ["!6 Err: Invalid paramter value\r\n", "!7 Err: Extra parmater\r\n"]
      : ["!6 Err: Invalid parameter value\r\n", "!7 Err: Extra parameter\r\n"];
    expect(ask("XY,1")).toBe("!8 Err: Unknown command 'XY:5859'\r\n");
    expect(ask("SP")).toBe("!4 Err: Missing parameter(s)\r\n");
    expect(ask("SM,0,10,10")).toBe(invalid);
    expect(ask("SP,1,10,1,5")).toBe(`OK\r\n${extra}`);
    expect(ask("LM,0,0,0,0,0,0")).toBe(isOld ? "" : invalid);
    expect(ask("SM,1,100,0")).toContain("!0 Err: <axis1> step rate");
  });

  test("loses a line longer than its buffer", () => {
    const { ask } = powerUp(firmware);
    expect(ask(`SM,100,${"0".repeat(isNew ? 260 : 64)}`)).toContain("!3 Err: RX Buffer overrun\r\n");
  });

  test("draws only while the pen is on the paper, and a tap is a dot", () => {
    const { ask, clock, board } = powerUp(firmware);
    const run = (line: string, ms: number) => {
      expect(ask(line)).toBe("OK\r\n");
      clock.advance(ms + 1);
    };
    ask("SC,4,20641", "SC,5,17046", "SC,10,720");
    run("SP,1,600", 600);
    run("SM,100,800,800", 100); // 10 mm in x
    run("SP,0,200", 200);
    run("SM,100,800,-800", 100); // 10 mm in y
    run("SP,1,200", 200);
    run("SM,100,-800,800", 100);
    run("SP,0,200", 200);
    run("SP,1,200", 200);
    const [line, dot] = board.ink();
    expect([...line!.slice(0, 2), ...line!.slice(-2)]).toEqual([10, 0, 10, 10]);
    expect([...dot!]).toEqual([10, 0]);
    expect(board.ink()).toHaveLength(2);
  });

  test("lowers the pen by its rate each 24 ms: 3595 at 720 are five pulses", () => {
    const { ask, clock, board } = powerUp(firmware);
    ask("SC,4,20641", "SC,5,17046", "SC,10,720", "SP,1,700");
    clock.advance(720);
    ask("SP,0,0");
    clock.advance(48.1);
    expect(board.penTouches).toBe(false);
    clock.advance(72);
    expect(board.penTouches).toBe(true);
  });

  test("counts a move that ends at speed with nothing behind it", () => {
    const { ask, clock, board } = powerUp(firmware);
    ask("SM,50,1000,1000");
    clock.advance(25);
    ask("SM,50,1000,1000");
    clock.advance(50);
    expect(board.starvations).toBe(0);
    clock.advance(50);
    expect(board.starvations).toBe(1);
  });
});

test("LM,-5 on 2.8.1 is told with five commas missing and one invalid value", () => {
  const { ask } = powerUp("2.8.1");
  const answer = ask("LM,-5,1,0,0,0,0");
  expect(answer.match(/!5 Err: Need comma next, found: '-'\r\n/g)).toHaveLength(5);
  expect(answer.endsWith("!6 Err: Invalid parameter value\r\n")).toBe(true);
});

test("SM,1000,800,0 takes 25,001 ticks on 2.8.1, its accumulator then carries over", () => {
  const { ask, clock } = powerUp("2.8.1");
  ask("SM,1000,800,0");
  clock.advance(1000.04);
  expect(ask("QM")).toBe("QM,1,1,0,0\n\r");
  clock.advance(0.04);
  expect(ask("QM")).toBe("QM,0,0,0,0\n\r");
});

test("EM sets the counters to zero on 2.8.1 and leaves them alone on 2.5.3", () => {
  for (const [firmware, counters] of [
    ["2.8.1", "0,0"],
    ["2.5.3", "40,40"],
  ] as const) {
    const { ask, clock } = powerUp(firmware);
    ask("SM,10,40,40");
    clock.advance(20);
    ask("EM,1,1");
    clock.advance(1);
    expect(ask("QS")).toBe(`${counters}\n\rOK\r\n`);
  }
});

test("from 2.8 EM waits its turn, and with one parameter it says nothing", () => {
  const { ask, clock } = powerUp("2.8.1");
  ask("SM,100,100,100");
  clock.advance(1);
  ask("EM,0,0");
  expect(ask("QE")).toBe("16,16\n\rOK\r\n");
  clock.advance(101);
  expect(ask("QE")).toBe("0,0\n\rOK\r\n");
  expect(ask("EM,1")).toBe("");
});

test("on 2.x an error is told after all commands of its 64 bytes, and those behind it are dropped", () => {
  const { ask, board } = powerUp("2.8.1");
  board.receive("SP,1,1\rSP\rQS\r");
  expect(ask()).toBe("OK\r\n0,0\n\rOK\r\n!4 Err: Missing parameter(s)\r\n");
});

test("a power cycle forgets counters, motors and settings, and leaves the ink", () => {
  const { ask, clock, board } = powerUp("3.0.2");
  ask("SP,0,100");
  clock.advance(500);
  ask("SM,100,800,800");
  clock.advance(200);
  board.fault("reset");
  expect(ask("QS")).toBe("0,0\n\rOK\r\n");
  expect(ask("QE")).toBe("0,0\n\rOK\r\n");
  expect(board.ink()).toHaveLength(1);
});

test("with its motors off the counters count and the carriage stays; a hand can push it", () => {
  const { ask, clock, board } = powerUp("2.8.1");
  ask("SM,100,100,100"); // the FIFO: a move, then the switch; the move read meanwhile comes too late to switch them on
  clock.advance(1);
  ask("EM,0,0", "SM,100,800,800");
  clock.advance(300);
  expect(ask("QS")).toBe("OK\r\n800,800\n\rOK\r\n");
  expect(board.position).toEqual({ x: 1.25, y: 0 });
  board.pushTo({ x: 5, y: 7 });
  expect(board.position).toEqual({ x: 5, y: 7 });
  ask("EM,1,1");
  clock.advance(1);
  expect(() => board.pushTo({ x: 0, y: 0 })).toThrow("the motors hold the carriage");
});

test("without motor supply QC reads next to nothing", () => {
  const { ask, board } = powerUp("2.8.1");
  board.fault("motorPowerOff");
  expect(ask("QC")).toBe("0394,0024\r\nOK\r\n");
});

test("the button is told once", () => {
  const { ask, board } = powerUp("3.0.2");
  board.pressButton();
  expect(ask("QB")).toBe("1\r\nOK\r\n");
  expect(ask("QB")).toBe("0\r\nOK\r\n");
  board.pressButton();
  expect(ask("QG")).toBe("30\r\n");
  expect(ask("QG")).toBe("10\r\n");
});

test.each([
  ["2.5.3", 4],
  ["2.8.1", 3],
  ["3.0.2", 3],
])(
  "firmware %s takes %d ms to read a move, so that 2 ms moves leave gaps and 6 ms moves do not",
  (firmware, readingMs) => {
    const clock = new FakeClock();
    const board = simulateBoard({ clock, model: machineModel("axidraw_v3"), firmware });
    let oks = 0;
    board.onData = (text) => {
      oks += text.split("OK").length - 1;
    };
    board.receive("SM,6,60,60\r");
    clock.advance(readingMs - 0.1);
    expect(oks).toBe(0);
    clock.advance(0.2);
    expect(oks).toBe(1);
    for (let i = 0; i < 20; i++) board.receive("SM,6,60,60\r");
    clock.advance(121);
    expect(board.starvations).toBe(0);
    clock.advance(100);
    expect([oks, board.starvations]).toEqual([21, 1]);
    for (let i = 0; i < 20; i++) board.receive("SM,2,20,20\r");
    clock.advance(200);
    expect(board.starvations).toBe(21);
  },
);

test("3.x in future syntax names the command in every answer and sends no OK", () => {
  const { ask } = powerUp("3.0.2");
  expect(ask("CU,10,1")).toBe("\n");
  expect(ask("SP,1,10")).toBe("SP\n");
  expect(ask("QS")).toBe("QS,0,0\n");
  expect(ask("QM")).toBe("QM,1,0,0,1\n");
  expect(ask("CU,10,0")).toBe("CUOK\r\n");
  expect(ask("QS")).toBe("0,0\n\rOK\r\n");
});

test("3.x with OK switched off still sends the end of the line", () => {
  const { ask } = powerUp("3.0.2");
  expect(ask("CU,1,0")).toBe("\r\n");
  expect(ask("SC,4,20000")).toBe("\r\n");
});
