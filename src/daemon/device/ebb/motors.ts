import type { CommandQueue } from "./command-queue.ts";
import {
  clearSteps,
  enableMotors,
  queryMark,
  queryMotorState,
  querySteps,
  type StepCounters,
  setMark,
} from "./commands.ts";
import type { Capabilities } from "./firmware.ts";
import type { MotionSender } from "./motion-sender.ts";

/** Left on the board by plotty; a board that was reset, or that another program has used, does not show it. */
const MARK = 80;

/**
 * The step counters, if they can be believed: the motors have been on since they last counted from the origin. Where the board
 * cannot tell, counters that are not zero are taken for that, since every start of the board zeroes them. Moves that came
 * after a reset switch the motors on again and are counted from zero: the mark that was left tells.
 */
export async function readCounters(
  queue: CommandQueue,
  able: Capabilities,
): Promise<{ counters: StepCounters; isKnown: boolean }> {
  const counters = await queue.send(querySteps);
  const motors = able.tellsMotorState ? await queue.send(queryMotorState) : null;
  if (await hasLostMark(queue)) return { counters, isKnown: false };
  if (!motors) return { counters, isKnown: counters.motor1 !== 0 || counters.motor2 !== 0 };
  return { counters, isKnown: motors.motor1 === 16 && motors.motor2 === 16 };
}

/** Switches both motors; the counters are zero afterwards, whatever the firmware does of itself. */
export async function switchMotors(
  queue: CommandQueue,
  sender: MotionSender,
  on: boolean,
): Promise<StepCounters> {
  await queue.send(enableMotors(on));
  // From 2.8 EM waits in the FIFO: a move read before it is executed would be lost.
  await sender.drained();
  await queue.send(clearSteps);
  return queue.send(querySteps);
}

/** Whether the board was reset since plotty left its mark on it; it leaves one for the next time. A board that keeps none tells nothing. */
async function hasLostMark(queue: CommandQueue): Promise<boolean> {
  if ((await queue.send(queryMark)) === MARK) return false;
  await queue.send(setMark(MARK));
  return (await queue.send(queryMark)) === MARK;
}
