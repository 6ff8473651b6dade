import type { Fields } from "./sim-fields.ts";
import type { SimFirmware } from "./sim-firmware.ts";
import { type AxisMove, type MotionCommand, TICKS_PER_MS } from "./sim-motion.ts";

/** From the fields of LM, LT, SM and XM to what the FIFO holds, with each firmware's rounding and refusals. */

const STANDING: AxisMove = { rate: 0, accel: 0, steps: 0, backwards: false };
const FULL_RATE = 0x7fffffff;
const MOST_STEPS = 0xffffff;

/** @returns undefined where the board refuses or ignores it; the refusal is in `fields.errors` */
export function lowLevelMove(fields: Fields, { arithmetic }: SimFirmware): MotionCommand | undefined {
  const kind = arithmetic === "3.0" ? "i32" : "u32";
  const read = () => [fields.required(kind), fields.required("i32"), fields.required("i32")] as const;
  const one = read();
  const two = read();
  const clear = arithmetic === "2.5" ? 0 : Math.min(3, fields.optional("u8", 0));
  if (!fields.isFine) return undefined;
  if (isEmpty(one) && isEmpty(two)) {
    if (arithmetic !== "2.5") fields.fail(6);
    return undefined;
  }
  if (arithmetic === "3.0" && [one, two].some(([rate, steps]) => rate < 0 && steps < 0)) {
    fields.fail(6);
    return undefined;
  }
  const axis = AXIS_READERS[arithmetic];
  return { kind: "steps", axes: [axis(one, (clear & 1) !== 0), axis(two, (clear & 2) !== 0)] };
}

/** L3: as LM, with a jerk for each axis. Negative steps turn rate and acceleration round, not the jerk. */
export function jerkMove(fields: Fields): MotionCommand | undefined {
  const field = () => fields.required("i32");
  const read = () => ({ axis: [field(), field(), field()] as const, jerk: field() });
  const [one, two] = [read(), read()];
  const clear = Math.min(3, fields.optional("u32", 0));
  if (!fields.isFine) return undefined;
  const isEmptyAxis = ({ axis, jerk }: typeof one) => axis[1] === 0 || (isEmpty(axis) && jerk === 0);
  const isTwice = [one, two].some(({ axis: [rate, steps] }) => rate < 0 && steps < 0);
  if ((isEmptyAxis(one) && isEmptyAxis(two)) || isTwice) {
    fields.fail(6);
    return undefined;
  }
  const axis = ({ axis, jerk }: typeof one, bit: number) => axisOf30(axis, (clear & bit) !== 0, jerk);
  return { kind: "steps", axes: [axis(one, 1), axis(two, 2)] };
}

type AxisFields = readonly [rate: number, steps: number, accel: number];

const AXIS_READERS = { "2.5": axisOf25, "2.7": axisOf27, "3.0": axisOf30 } as const;

function isEmpty([rate, steps, accel]: AxisFields): boolean {
  return steps === 0 || (rate === 0 && accel === 0);
}

function axisOf25([rate, steps, accel]: AxisFields): AxisMove {
  return { rate, accel, steps: Math.abs(steps), backwards: steps < 0 };
}

function axisOf27([rate, steps, accel]: AxisFields, clears: boolean): AxisMove {
  const start = Math.min(rate, FULL_RATE) - Math.trunc(accel / 2);
  return { ...axisOf25([start, steps, accel]), ...(clears && { accumulator: 0 }) };
}

/** The rate's sign is the direction; a cleared accumulator of a backward move starts at the other end. */
function axisOf30([rate, steps, accel]: AxisFields, clears: boolean, jerk = 0): AxisMove {
  const sign = steps < 0 ? -1 : 1;
  const start = sign * rate - Math.trunc((sign * accel) / 2) + Math.trunc(jerk / 6);
  const first = start + sign * accel + jerk || sign * accel || jerk;
  const accumulator = first < 0 ? FULL_RATE : 0;
  return {
    rate: start,
    accel: sign * accel,
    jerk,
    steps: Math.abs(steps),
    backwards: false,
    ...(clears && { accumulator }),
  };
}

/** LT: a number of ticks; its rates carry the directions. */
export function timedMove(fields: Fields, { arithmetic }: SimFirmware): MotionCommand | undefined {
  const ticks = fields.required("u32");
  const one = [fields.required("i32"), fields.required("i32")] as const;
  const two = [fields.required("i32"), fields.required("i32")] as const;
  const clear = Math.min(3, fields.optional("u8", 0));
  if (!fields.isFine) return undefined;
  if (ticks === 0 || [...one, ...two].every((field) => field === 0)) {
    fields.fail(6);
    return undefined;
  }
  const axis = ([rate, accel]: readonly [number, number], clears: boolean): AxisMove => {
    if (arithmetic === "3.0") return { ...axisOf30([rate, 1, accel], clears), steps: 0 };
    return { ...axisOf27([Math.abs(rate), 1, accel], clears), steps: 0, backwards: rate < 0 };
  };
  return { kind: "timed", ticks, axes: [axis(one, (clear & 1) !== 0), axis(two, (clear & 2) !== 0)] };
}

/** SM and XM, which mixes its two counts. @returns a sentence where the board refuses with words of its own */
export function simpleMove(
  fields: Fields,
  firmware: SimFirmware,
  mixed: boolean,
): MotionCommand | string | undefined {
  const durationMs = fields.required("u32");
  const a = fields.required("i32");
  const b = mixed ? fields.required("i32") : fields.optional("i32", 0);
  const clear = firmware.arithmetic === "2.5" ? 0 : fields.optional("u8", 0);
  if (durationMs === 0) fields.fail(6);
  if (!fields.isFine) return undefined;
  const steps = mixed ? ([a + b, a - b] as const) : ([a, b] as const);
  const refusal = refuseSimple(durationMs, steps, firmware);
  if (refusal) return refusal;
  if (steps[0] === 0 && steps[1] === 0) return wait(durationMs, firmware);
  const axis = (count: number, clears: boolean): AxisMove => ({
    ...(count === 0 ? STANDING : { rate: simpleRate(Math.abs(count), durationMs, firmware), accel: 0 }),
    steps: Math.abs(count),
    backwards: count < 0,
    ...(clears && { accumulator: 0 }),
  });
  const axes = [axis(steps[0], (clear & 1) !== 0), axis(steps[1], (clear & 2) !== 0)] as const;
  return { kind: "steps", axes: firmware.arithmetic === "3.0" ? [signed(axes[0]), signed(axes[1])] : axes };
}

/** Delays over 65.536 s are dropped by 2.x; 3.x caps them at 100 s. */
function wait(durationMs: number, { arithmetic }: SimFirmware): MotionCommand {
  const ticks = durationMs * TICKS_PER_MS;
  if (arithmetic === "3.0") return { kind: "wait", ticks: Math.min(ticks, 100_000 * TICKS_PER_MS) };
  return { kind: "wait", ticks: ticks > TICKS_PER_MS * 65_536 ? 1 : ticks };
}

function refuseSimple(
  durationMs: number,
  steps: readonly [number, number],
  { arithmetic }: SimFirmware,
): string | undefined {
  for (const [index, count] of steps.entries()) {
    const axis = `<axis${index + 1}>`;
    const most = Math.abs(count);
    if (arithmetic === "3.0") {
      if (most / durationMs > TICKS_PER_MS) return `!0 Err: ${axis} step rate too high`;
      if (most > 0 && Math.floor((most * 85_899_345.92) / durationMs) === 0) {
        return `!0 Err: ${axis} step rate too slow`;
      }
      continue;
    }
    if (durationMs > MOST_STEPS) return "!0 Err: <move_duration> larger than 16777215 ms.";
    if (most > MOST_STEPS) return `!0 Err: ${axis} larger than 16777215 steps.`;
    if (Math.floor(most / durationMs) > TICKS_PER_MS) {
      return `!0 Err: ${axis} step rate > 25K steps/second.`;
    }
    if (most !== 0 && Math.floor(durationMs / 1311) >= most) return `!0 Err: ${axis} step rate < 1.31Hz.`;
  }
  return undefined;
}

/** 2.x keeps only the upper half of the rate for moves up to 30 ms. */
function simpleRate(steps: number, durationMs: number, { arithmetic }: SimFirmware): number {
  const ticks = durationMs * TICKS_PER_MS;
  if (arithmetic === "3.0") return Math.fround(Math.fround(steps) * Math.fround(85_899_345.92 / durationMs));
  const whole = Math.floor((steps * 32_768) / ticks);
  const remainder = Math.floor((((steps * 32_768) % ticks) * 65_536) / ticks);
  const rate = whole * 65_536 + (durationMs > 30 && steps < 0x1ffff ? remainder : 0);
  return arithmetic === "2.5" ? rate : Math.min(rate, FULL_RATE);
}

/** 3.x moves backwards with a negative rate in LM, but SM sets the direction once; both come to the same place. */
function signed(axis: AxisMove): AxisMove {
  if (!axis.backwards) return axis;
  const accumulator = axis.accumulator === undefined ? undefined : FULL_RATE;
  return { ...axis, rate: -axis.rate, ...(accumulator !== undefined && { accumulator }) };
}
