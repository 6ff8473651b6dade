import type { SimConsole } from "./sim-console.ts";
import type { Fields } from "./sim-fields.ts";
import type { MotionCommand } from "./sim-motion.ts";
import { jerkMove, lowLevelMove, simpleMove, timedMove } from "./sim-moves.ts";
import { OK, SILENCE, type SimCommand, type SimReply } from "./sim-reply.ts";
import { configureServo, setPen, setServo, togglePen } from "./sim-servo-commands.ts";

/** The commands that the simulated board knows, by their letters. */
export const SIM_COMMANDS: Readonly<Record<string, SimCommand>> = {
  V: (_, { firmware }) => ({
    lines: [[`EBBv13_and_above EB Firmware Version ${firmware.version}`, "\r\n"]],
    ok: false,
  }),
  QS: (_, { mechanics }) => data(mechanics.axes.map((axis) => axis.counter).join(","), "\n\r"),
  QM: (_, board) => ({ lines: [[`QM,${motionState(board).join(",")}`, "\n\r"]], ok: false }),
  QG: (_, board) => ({ lines: [[generalState(board), "\r\n"]], ok: false }),
  QP: (_, { mechanics }) => data(mechanics.servo.penUp ? "1" : "0", "\n\r"),
  QE: (_, { mechanics }) =>
    data(mechanics.motorsOn.map((on) => (on ? mechanics.microsteps : 0)).join(","), "\n\r"),
  QC: (_, board) => data(readings(board), "\r\n"),
  QB: (_, board) => data(takeButton(board) ? "1" : "0", "\r\n"),
  QT: (_, { nickname }) => data(nickname, "\r\n"),
  QL: (_, { variable }) => data(String(variable), "\r\n"),
  QN: (_, { nodes }) => data(String(nodes).padStart(10, "0"), "\r\n"),
  SL: set("u8", (board, value) => {
    board.variable = value;
  }),
  SN: set("u32", (board, value) => {
    board.nodes = value;
  }),
  ST: (fields, board) => {
    const nickname = fields.text(16);
    if (!fields.isFine) return SILENCE;
    board.nickname = nickname;
    return OK;
  },
  CS: (_, { mechanics }) => {
    mechanics.zeroCounters();
    return OK;
  },
  CU: configureBoard,
  SC: configureServo,
  EM: enableMotors,
  SP: setPen,
  TP: togglePen,
  S2: setServo,
  LM: (fields, board) => motion(lowLevelMove(fields, board.firmware), board),
  L3: (fields, board) => motion(jerkMove(fields), board),
  LT: (fields, board) => motion(timedMove(fields, board.firmware), board),
  SM: (fields, board) => simple(fields, board, false),
  XM: (fields, board) => simple(fields, board, true),
  ES: stop,
  R: reset,
};

function data(text: string, lineEnd: "\r\n" | "\n\r"): SimReply {
  return { lines: [[text, lineEnd]], ok: true };
}

function set(kind: "u8" | "u32", apply: (board: SimConsole, value: number) => void): SimCommand {
  return (fields, board) => {
    const value = fields.required(kind);
    if (!fields.isFine) return SILENCE;
    apply(board, value);
    return OK;
  };
}

function motion(command: MotionCommand | undefined, board?: SimConsole): SimReply {
  if (!command) return SILENCE;
  if (board && (command.kind === "steps" || command.kind === "timed"))
    board.mechanics.motorsOn = [true, true];
  return { ok: true, motion: command };
}

function simple(fields: Fields, board: SimConsole, mixed: boolean): SimReply {
  const outcome = simpleMove(fields, board.firmware, mixed);
  if (typeof outcome !== "string") return motion(outcome, board);
  return { lines: [[outcome, "\n\r"]], ok: board.firmware.arithmetic === "3.0" };
}

/** Command, motor 1, motor 2, FIFO: each 1 while busy. */
function motionState({ mechanics }: SimConsole): readonly number[] {
  const queued = mechanics.fifo.length > 0;
  const busy = mechanics.current !== undefined || queued;
  const turns = (index: 0 | 1) => mechanics.axes[index].stepsLeft > 0;
  return [busy, turns(0), turns(1), queued].map(Number);
}

function generalState(board: SimConsole): string {
  const [command, motor1, motor2, fifo] = motionState(board);
  const inputsHigh = board.firmware.arithmetic === "3.0" ? 0 : 0xc0;
  const bits =
    inputsHigh |
    (takeButton(board) ? 0x20 : 0) |
    (board.mechanics.servo.penUp ? 0x10 : 0) |
    (command! << 3) |
    (motor1! << 2) |
    (motor2! << 1) |
    fifo!;
  return bits.toString(16).toUpperCase().padStart(2, "0");
}

function takeButton(board: SimConsole): boolean {
  const wasPressed = board.buttonPressed;
  board.buttonPressed = false;
  return wasPressed;
}

/** About 0.72 A, and 9 V or what leaks in from USB. */
function readings({ hasMotorPower, firmware }: SimConsole): string {
  const values = [394, hasMotorPower ? 300 : 24];
  const width = firmware.arithmetic === "3.0" ? 0 : 4;
  return values.map((value) => String(value).padStart(width, "0")).join(",");
}

function configureBoard(fields: Fields, board: SimConsole): SimReply {
  const option = fields.required("u16");
  const value = fields.required("i16");
  if (!fields.isFine) return SILENCE;
  const isNew = board.firmware.arithmetic === "3.0";
  if (option <= 3 && value !== 0 && value !== 1) fields.fail(6);
  else if (option === 1) board.acknowledges = value === 1;
  else if (option === 10 && isNew) board.futureSyntax = value === 1;
  else if (option === 4 && isNew) board.mechanics.fifoDepth = Math.min(value, 32);
  return OK;
}

function enableMotors(fields: Fields, board: SimConsole): SimReply {
  const enable1 = fields.required("u8");
  const enable2 = fields.optional("u8", -1);
  if (!fields.isFine) return SILENCE;
  if (board.firmware.queuesEnabling) {
    return enable2 < 0 ? SILENCE : { ok: true, motion: { kind: "motors", enable1, enable2 } };
  }
  const second = enable2 < 0 ? Number(board.mechanics.motorsOn[1]) : enable2;
  board.mechanics.switchMotors(enable1, second);
  return OK;
}

function stop(fields: Fields, { mechanics, firmware }: SimConsole): SimReply {
  const disable = fields.optional("u8", 0);
  if (!fields.isFine) return SILENCE;
  const isMove = (command: MotionCommand | undefined) => command?.kind === "steps";
  const interrupted = isMove(mechanics.current) || isMove(mechanics.fifo[0]);
  const left = mechanics.axes.map((axis) => axis.stepsLeft);
  const queued = mechanics.fifo[0];
  const waiting = queued?.kind === "steps" ? queued.axes.map((axis) => axis.steps) : [0, 0];
  mechanics.halt();
  if (disable === 1 && firmware.arithmetic !== "2.5") mechanics.motorsOn = [false, false];
  const flag = interrupted ? 1 : 0;
  return data(firmware.arithmetic === "3.0" ? `${flag}` : [flag, ...waiting, ...left].join(","), "\n\r");
}

/** Back to the settings of power-on; 2.x acknowledges twice. */
function reset(_: Fields, board: SimConsole): SimReply {
  const { mechanics, firmware } = board;
  mechanics.halt();
  mechanics.fifo.length = 0;
  mechanics.zeroCounters();
  mechanics.motorsOn = [false, false];
  mechanics.microsteps = 16;
  mechanics.fifoDepth = 1;
  Object.assign(mechanics.servo, {
    upPulse: firmware.upPulse,
    downPulse: firmware.downPulse,
    upRate: 400,
    downRate: 400,
    channels: 8,
  });
  mechanics.servo.execute(firmware.upPulse, 400);
  board.acknowledges = true;
  board.futureSyntax = false;
  board.buttonPressed = false;
  return firmware.arithmetic === "3.0" ? OK : { lines: [["OK", "\r\n"]], ok: true };
}
