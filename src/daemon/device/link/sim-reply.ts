import type { SimConsole } from "./sim-console.ts";
import type { Fields } from "./sim-fields.ts";
import type { MotionCommand } from "./sim-motion.ts";

export interface SimReply {
  /** Text and line end of each line before OK. */
  readonly lines?: readonly (readonly [text: string, lineEnd: "\r\n" | "\n\r"])[];
  /** `OK` follows, after the motion has found room in the FIFO. */
  readonly ok: boolean;
  readonly motion?: MotionCommand;
}

export type SimCommand = (fields: Fields, board: SimConsole) => SimReply;

export const OK: SimReply = { ok: true };
/** What a refusal looks like: its errors are in the fields. */
export const SILENCE: SimReply = { ok: false };
