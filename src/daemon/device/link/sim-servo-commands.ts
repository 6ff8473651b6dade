import type { SimConsole } from "./sim-console.ts";
import type { Fields } from "./sim-fields.ts";
import { TICKS_PER_MS } from "./sim-motion.ts";
import { OK, SILENCE, type SimReply } from "./sim-reply.ts";
import type { SimServo } from "./sim-servo.ts";

/** SC, SP, TP and S2 of the simulated board. */

const PEN_OUTPUT = 4;

export function configureServo(fields: Fields, { mechanics }: SimConsole): SimReply {
  const parameter = fields.required("u8");
  const value = fields.required("u16");
  if (!fields.isFine) return SILENCE;
  const { servo } = mechanics;
  if (parameter === 4) servo.upPulse = value;
  if (parameter === 5) servo.downPulse = value;
  if (parameter === 8 && value >= 1 && value <= 24) servo.channels = value;
  if (parameter === 10 || parameter === 11) servo.upRate = value;
  if (parameter === 10 || parameter === 12) servo.downRate = value;
  return OK;
}

/** On another pin than the servo's the pulses move nothing. */
export function setPen(fields: Fields, { mechanics, servoPin }: SimConsole): SimReply {
  const up = fields.required("u8") !== 0;
  const delayMs = fields.optional("u16", 0);
  const pin = fields.optional("u8", 1);
  if (!fields.isFine) return SILENCE;
  if (pin === servoPin) return penMove(up, delayMs, mechanics.servo);
  return { ok: true, motion: { kind: "wait", ticks: delayMs * TICKS_PER_MS } };
}

export function togglePen(fields: Fields, { mechanics }: SimConsole): SimReply {
  const delayMs = fields.optional("u16", 0);
  return fields.isFine ? penMove(!mechanics.servo.penUp, delayMs, mechanics.servo) : SILENCE;
}

function penMove(up: boolean, delayMs: number, servo: SimServo): SimReply {
  const pulse = up ? servo.upPulse : servo.downPulse;
  const rate = up ? servo.upRate : servo.downRate;
  return { ok: true, motion: { kind: "servo", pulse, rate, ticks: delayMs * TICKS_PER_MS } };
}

/** Outputs other than the pen's are taken and have no effect here but their delay. */
export function setServo(fields: Fields): SimReply {
  const pulse = fields.optional("u16", 0);
  const output = fields.optional("u8", 0);
  const rate = fields.optional("u16", 0);
  const delayMs = fields.optional("u16", 0);
  if (output > 24) fields.fail(6);
  if (!fields.isFine) return SILENCE;
  if (pulse === 0) return OK;
  const ticks = delayMs * TICKS_PER_MS;
  return {
    ok: true,
    motion: output === PEN_OUTPUT ? { kind: "servo", pulse, rate, ticks } : { kind: "wait", ticks },
  };
}
