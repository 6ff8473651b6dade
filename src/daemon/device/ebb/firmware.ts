import { PlottyError } from "../../../shared/errors.ts";

/** What a board can do, from its firmware version. The driver asks for abilities and never compares versions itself. */
export interface Capabilities {
  readonly version: string;
  /** LM subtracts half the acceleration first and adds it before each step test (2.7); earlier it is added after. */
  readonly newArithmetic: boolean;
  /** LM takes `Clear`, which zeroes the step accumulators (2.7). */
  readonly clearsAccumulators: boolean;
  /** Ticks of 40 µs that a move costs beyond its last step. */
  readonly ticksBetweenMoves: number;
  /** EM sets the step counters to zero (2.6.2). */
  readonly enablingZeroesCounters: boolean;
  /** QE tells which motors are on (2.8). */
  readonly tellsMotorState: boolean;
  /** QT and ST (2.5.4, writing from 2.5.5). */
  readonly hasNickname: boolean;
  /** Answers can be switched to another syntax and the FIFO made longer, so both are set back at opening (3.0). */
  readonly hasFutureSyntax: boolean;
  /** L3: moves whose acceleration changes evenly (3.0). */
  readonly limitsJerk: boolean;
}

export const OLDEST_FIRMWARE = "2.5.3";
const UPGRADE = "https://wiki.evilmadscientist.com/Updating_EBB_firmware";

/** The version in a reply to `V`, such as `EBBv13_and_above EB Firmware Version 2.8.1`; undefined when it holds none. */
export function parseVersion(reply: string): string | undefined {
  return /EB Firmware Version (\d+\.\d+\.\d+)/i.exec(reply)?.[1];
}

/** Throws `device.firmware-too-old` below 2.5.3, the first version whose LM does not spoil queued moves. */
export function capabilities(version: string): Capabilities {
  if (isOlder(version, OLDEST_FIRMWARE)) {
    throw new PlottyError(
      "device.firmware-too-old",
      `the board's firmware ${version} is too old: plotty needs ${OLDEST_FIRMWARE} or newer; update it as shown at ${UPGRADE}`,
      { version, oldest: OLDEST_FIRMWARE },
    );
  }
  const since = (first: string) => !isOlder(version, first);
  return {
    version,
    newArithmetic: since("2.7.0"),
    clearsAccumulators: since("2.7.0"),
    ticksBetweenMoves: since("2.7.0") ? 0 : 1,
    enablingZeroesCounters: since("2.6.2"),
    tellsMotorState: since("2.8.0"),
    hasNickname: since("2.5.4"),
    hasFutureSyntax: since("3.0.0"),
    limitsJerk: since("3.0.0"),
  };
}

function isOlder(version: string, than: string): boolean {
  const left = version.split(".").map(Number);
  const right = than.split(".").map(Number);
  for (let i = 0; i < 3; i++) {
    if (left[i] !== right[i]) return left[i]! < right[i]!;
  }
  return false;
}
