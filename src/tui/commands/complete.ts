import {
  type CommandLike,
  type Completion,
  complete,
  completionLines,
  type Live,
} from "../../shared/complete.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import { parseAddress } from "../client/address.ts";
import { type Api, createApi } from "../client/api.ts";
import type { Session } from "../session.ts";
import { oneLine } from "../text/format.ts";

/** A person waits with a finger on Tab: what the daemon does not say by then is left out. */
const PATIENCE_MS = 1500;

/** Answers a shell that asks what may come next: what commands know at once, and job ids and machines from the daemon. */
export async function answerShell(
  session: Session,
  program: CommandLike,
  words: readonly string[],
): Promise<number> {
  const { candidates, files, live, command } = complete(program, words);
  const asked = live ? await askDaemon(session, live, command, words) : [];
  const typed = words.at(-1) ?? "";
  const fitting = asked.filter(({ text }) => text.startsWith(typed) && !words.slice(0, -1).includes(text));
  session.stdout.write(completionLines([...candidates, ...fitting], files));
  return 0;
}

async function askDaemon(
  session: Session,
  live: Live,
  command: string,
  words: readonly string[],
): Promise<Completion["candidates"]> {
  try {
    const api = createApi(
      parseAddress(
        flagValue("--url", words) ?? (session.env.PLOTTY_URL || undefined),
        flagValue("--api-key", words) ?? (session.env.PLOTTY_API_KEY || undefined),
      ),
      AbortSignal.timeout(PATIENCE_MS),
    );
    if (live === "alerts") return await alerts(api);
    return live === "jobs" ? await jobs(api, command) : await devices(api);
  } catch {
    return []; // no daemon, no ids: a shell's prompt is no place for an error
  }
}

async function jobs(api: Api, command: string): Promise<Completion["candidates"]> {
  const all = await api.jobs();
  return all
    .filter((job) => isFor(command, job))
    .map(({ id, state, name }) => ({ text: id, tells: oneLine(name === id ? state : `${state} ${name}`) }));
}

/** Whether a command would do something to the job. */
function isFor(command: string, { state, hold }: JobView): boolean {
  const isOver = state === "COMPLETED" || state === "FAILED" || state === "CANCELLED";
  if (command === "pause") return state === "RUNNING";
  if (command === "resume") return state === "PAUSED" || (hold && !isOver);
  if (command === "cancel") return !isOver;
  if (command === "retry") return state === "FAILED" || state === "CANCELLED";
  if (command === "move") return state === "NEW" || state === "PLANNING" || state === "QUEUED";
  return true;
}

async function devices(api: Api): Promise<Completion["candidates"]> {
  return (await api.devices()).map(({ id, status, model }) => ({ text: id, tells: `${status} ${model}` }));
}

async function alerts(api: Api): Promise<Completion["candidates"]> {
  return (await api.openAlerts()).map(({ id, level, message }) => ({
    text: id,
    tells: `${level} ${oneLine(message)}`,
  }));
}

function flagValue(flag: string, words: readonly string[]): string | undefined {
  const at = words.indexOf(flag);
  return at === -1 || at + 2 > words.length - 1 ? undefined : words[at + 1];
}
