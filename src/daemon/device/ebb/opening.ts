import { PlottyError } from "../../../shared/errors.ts";
import type { CommandQueue } from "./command-queue.ts";
import * as ebb from "./commands.ts";
import { type Capabilities, capabilities, parseVersion } from "./firmware.ts";

/**
 * Finds the start of the conversation with a board that may still be answering a former owner, learns its version and sets
 * its way of answering. Throws `device.not-ebb` when something else answers, `device.reply-timeout` when nothing does.
 *
 * @param timeoutMs for the first answer: moves of the former owner may have to end first
 */
export async function meetBoard(queue: CommandQueue, port: string, timeoutMs: number): Promise<Capabilities> {
  const version = parseVersion(await firstAnswer(queue, port, timeoutMs));
  if (!version) throw notAnEbb(port);
  const able = capabilities(version);
  const answerOk = ebb.setOption(1, 1);
  const options = [ebb.setOption(10, 0), answerOk, ebb.setOption(4, 1)];
  await synchronise(queue, able.hasFutureSyntax ? options : [answerOk]);
  return able;
}

/** A nickname of "OK" cannot be told from the end of the answer; `V` drops what is left of it. */
export async function askNickname(queue: CommandQueue): Promise<string | null> {
  const [nickname] = await Promise.all([queue.send(ebb.queryNickname), queue.send(ebb.queryVersion)]);
  return nickname;
}

async function firstAnswer(queue: CommandQueue, port: string, timeoutMs: number): Promise<string> {
  try {
    return await synchronise(queue, [ebb.finishLine], { ...ebb.queryVersion, timeoutMs });
  } catch (error) {
    const wasTimeout = error instanceof PlottyError && error.code === "device.reply-timeout";
    throw wasTimeout && queue.dropped > 0 ? notAnEbb(port, error) : error;
  }
}

/** Sends commands whose answers are not foreseeable, with `V` behind them, which drops those answers. */
async function synchronise(
  queue: CommandQueue,
  commands: readonly ebb.Command<undefined>[],
  version = ebb.queryVersion,
): Promise<string> {
  const sent = [...commands, version].map((command) => queue.send<string | undefined>(command));
  return (await Promise.all(sent)).at(-1)!;
}

function notAnEbb(port: string, cause?: Error): PlottyError {
  const message = `what is connected to ${port} is not an EiBotBoard: choose another port under devices:`;
  return new PlottyError("device.not-ebb", message, { port }, cause);
}
