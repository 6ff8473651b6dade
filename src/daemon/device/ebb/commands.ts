/**
 * One command of the board: its text, how its reply looks and what the reply means.
 * A reply is at most one data line, then `OK` where `ok` says so. Facts: evil-mad/EggBot `docs/ebb.html`.
 */
export interface Command<T> {
  readonly text: string;
  /** The data line. Missing: there is none. */
  readonly data?: RegExp;
  /** `OK` may come without the data line (QT of a board without nickname, ES of 2.7.0). */
  readonly dataMayLack?: boolean;
  readonly ok: boolean;
  /** A board that does not know it says so and goes on: the answer is then what `parse` makes of nothing. */
  readonly isOptional?: boolean;
  /** Lines that are not its data are dropped: how the two sides find each other when a link is opened. */
  readonly synchronises?: boolean;
  /** Longest wait for the reply, where it is not the queue's own. */
  readonly timeoutMs?: number;
  /** Longest the board that knows it can read, in bytes with the carriage return; 64 where it is missing. */
  readonly longest?: number;
  /** Milliseconds of motion it puts into the board's FIFO. */
  readonly motionMs?: number;
  /** @param match of `data`; undefined when the data line lacked or there is none */
  parse(match: RegExpExecArray | undefined): T;
}

/** Motor steps as the board counts them: motor 1 turns with x + y, motor 2 with x − y. */
export interface StepCounters {
  readonly motor1: number;
  readonly motor2: number;
}

/** In bytes with the carriage return: a longer one corrupts the memory of firmware 2.x. */
export const LONGEST_COMMAND = 64;

const nothing = () => undefined;

function acknowledged(text: string, motionMs = 0): Command<undefined> {
  return { text, ok: true, motionMs, parse: nothing };
}

/** The reply to `V`, whole. Everything that arrives before it is an answer to someone else's question. */
export const queryVersion: Command<string> = {
  text: "V",
  data: /^(?:V,)?(EBB.*Firmware Version.*)$/i,
  ok: false,
  synchronises: true,
  parse: (match) => match![1]!,
};

/** An end of line alone: completes whatever a former owner left half sent. Its answer, if any, is dropped by `V`. */
export const finishLine: Command<undefined> = { text: "", ok: false, parse: nothing };

/** `CU`: one of the board's options. Depending on the options set before, its answer is `OK`, `CUOK` or nothing; `V` drops it. */
export function setOption(option: number, value: number): Command<undefined> {
  return { text: `CU,${option},${value}`, ok: false, parse: nothing };
}

export const querySteps: Command<StepCounters> = {
  text: "QS",
  data: /^(?:QS,)?(-?\d+),(-?\d+)$/,
  ok: true,
  parse: (match) => ({ motor1: Number(match![1]), motor2: Number(match![2]) }),
};

/** True while anything moves or waits in the FIFO. */
export const queryMotors: Command<boolean> = {
  text: "QM",
  data: /^QM,(\d+),(\d+),(\d+)(?:,(\d+))?$/,
  ok: false,
  parse: (match) => match!.slice(1).some((field) => field !== undefined && Number(field) !== 0),
};

/** Raw readings 0 … 1023 of the current adjustment and the motor supply; null where the board does not measure them. */
export const queryCurrent: Command<{ reference: number; supply: number } | null> = {
  text: "QC",
  data: /^(?:QC,)?(\d+),(\d+)$/,
  ok: true,
  isOptional: true,
  parse: (match) => (match ? { reference: Number(match[1]), supply: Number(match[2]) } : null),
};

/** Was the button pressed since it was last asked? */
export const queryButton: Command<boolean> = {
  text: "QB",
  data: /^(?:QB,)?([01])$/,
  ok: true,
  isOptional: true,
  parse: (match) => match?.[1] === "1",
};

/** Microstepping of both motors: 0 is off, 16 is 1/16; null where the board cannot tell. */
export const queryMotorState: Command<StepCounters | null> = {
  text: "QE",
  data: /^(?:QE,)?(\d+),(\d+)$/,
  ok: true,
  isOptional: true,
  parse: (match) => (match ? { motor1: Number(match[1]), motor2: Number(match[2]) } : null),
};

/** A byte that the board keeps until it is reset or loses its power; 0 from then on, null where it keeps none. */
export const queryMark: Command<number | null> = {
  text: "QL",
  data: /^(?:QL,)?(\d{1,3})$/,
  ok: true,
  isOptional: true,
  parse: (match) => (match ? Number(match[1]) : null),
};

/** @param mark 0 … 127 */
export function setMark(mark: number): Command<undefined> {
  return { ...acknowledged(`SL,${mark}`), isOptional: true };
}

export const queryNickname: Command<string | null> = {
  text: "QT",
  data: /^(?:QT,)?(?!OK$)(.{1,16})$/,
  dataMayLack: true,
  ok: true,
  isOptional: true,
  parse: (match) => match?.[1]?.trim() || null,
};

/** Motors off, or on at 1/16 microstepping. */
export function enableMotors(on: boolean): Command<undefined> {
  return acknowledged(on ? "EM,1,1" : "EM,0,0");
}

/** Where the board does not know it, `EM` has zeroed the counters. */
export const clearSteps: Command<undefined> = { ...acknowledged("CS"), isOptional: true };

/** `SC`: parameter 4 and 5 are the pulses of pen up and down (83.3 ns), 10, 11, 12 the rates of both, up and down, 8 the outputs in a frame. */
export function configureServo(parameter: number, value: number): Command<undefined> {
  return acknowledged(`SC,${parameter},${value}`);
}

/**
 * @param durationMs 0 … 65535: how long the FIFO waits; the sweep itself does not depend on it
 * @param pin of port B that the servo is plugged to; the board's own is 1
 */
export function setPen(up: boolean, durationMs: number, pin = 1): Command<undefined> {
  const where = pin === 1 ? "" : `,${pin}`;
  return acknowledged(`SP,${up ? 1 : 0},${durationMs}${where}`, durationMs);
}

/** A wait in the FIFO. @param durationMs 1 … 65535 */
export function delay(durationMs: number): Command<undefined> {
  return acknowledged(`SM,${durationMs},0,0`, durationMs);
}

/** `LM`, from `steps.ts`. */
export function lowLevelMove(parameters: readonly number[], durationMs: number): Command<undefined> {
  return acknowledged(`LM,${parameters.join(",")}`, durationMs);
}

/** `L3` of firmware 3, from `steps.ts`: as `LM`, with a jerk for each motor. */
export function jerkMove(parameters: readonly number[], durationMs: number): Command<undefined> {
  return { ...acknowledged(`L3,${parameters.join(",")}`, durationMs), longest: 256 };
}

/** Halts motion and empties the FIFO. True when something was interrupted, null when the firmware does not say. */
export const stopMotion: Command<boolean | null> = {
  text: "ES",
  data: /^(?:ES,)?([01])(?:,\d+)*$/,
  dataMayLack: true,
  ok: true,
  parse: (match) => (match ? match[1] === "1" : null),
};
