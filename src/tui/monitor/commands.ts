import { homedir } from "node:os";
import { PlottyError } from "../../shared/errors.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import { findDevice } from "../commands/devices.ts";
import { findJob } from "../commands/jobs.ts";
import { readUpload } from "../commands/upload.ts";
import type { Session } from "../session.ts";
import { nearest } from "../text/nearest.ts";
import { deviceFor } from "./keymap.ts";
import { moveJob } from "./move-job.ts";
import type { MonitorStore } from "./store.ts";

export interface CommandHands {
  readonly api: Api;
  readonly session: Session;
  readonly store: MonitorStore;
}

/** Commands of the bottom line. `cancel`, `remove` and `quit` are asked about or done before they come here. */
export const COMMANDS = [
  "pause",
  "resume",
  "cancel",
  "retry",
  "remove",
  "move",
  "ready",
  "add",
  "quit",
] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Command {
  readonly name: CommandName;
  readonly words: readonly string[];
}

/** @throws PlottyError `usage.invalid` that names the nearest command */
export function parseCommand(line: string): Command {
  const [first = "", ...words] = line.trim().split(/\s+/);
  const name = COMMANDS.find((known) => known === first) ?? (first === "q" ? "quit" : undefined);
  if (name && words.length > MOST_WORDS[name]) {
    throw new PlottyError("usage.invalid", `${line.trim()}: ${name} takes ${TAKES[MOST_WORDS[name]]}`);
  }
  if (name) return { name, words };
  const hint = nearest(first, COMMANDS);
  throw new PlottyError(
    "usage.invalid",
    `there is no command ${first}: ${hint ? `did you mean ${hint}?` : COMMANDS.join(", ")}`,
  );
}

/** Words after each command; the path of a file may hold spaces. */
const MOST_WORDS: Readonly<Record<CommandName, number>> = {
  ...{ pause: 1, resume: 1, cancel: 1, retry: 1, remove: 1, ready: 1, quit: 0 },
  ...{ move: 3, add: Infinity },
};
const TAKES: Readonly<Record<number, string>> = {
  0: "nothing more",
  1: "one name at most",
  3: "a job and its place, such as move my_job 1",
};

/** Does what a command of the bottom line says, to the selected job unless another is named. @returns what to tell */
export async function runCommand(
  { name, words }: Command,
  job: JobView | undefined,
  hands: CommandHands,
): Promise<string> {
  const { api } = hands;
  switch (name) {
    case "pause":
    case "resume":
    case "cancel":
    case "retry": {
      const { id, state } = await api.actOnJob(await idOf(api, words[0], job), name);
      return `${id} is ${state}`;
    }
    case "remove": {
      const id = await idOf(api, words[0], job);
      await api.removeJob(id);
      return `${id} removed`;
    }
    case "move":
      return move(words, job, hands);
    case "ready":
      return ready(api, words[0], job);
    case "add":
      return addFile(words.join(" "), hands);
    case "quit":
      return "";
  }
}

/** Queues a drawing under its file's name. @param path `~` is the home directory */
export async function addFile(path: string, { api, session }: CommandHands): Promise<string> {
  if (path.trim() === "") throw new PlottyError("usage.invalid", "which file? add drawing.svg");
  const { svg, name } = await readUpload(session, path.trim().replace(/^~(?=\/|$)/, homedir()));
  const { id } = await api.submit(svg, { name });
  return `${id} is queued`;
}

/** `move N` or `move ID N`. */
async function move(
  words: readonly string[],
  job: JobView | undefined,
  hands: CommandHands,
): Promise<string> {
  const place = Number(words.at(-1)?.replace(/^--to=?/, ""));
  if (!Number.isInteger(place) || place < 1) {
    throw new PlottyError("usage.invalid", "move takes a place in the queue, 1 is next: move 1");
  }
  const named = words.length > 1 && !words[0]!.startsWith("--") ? await findJob(hands.api, words[0]!) : job;
  if (!named) throw noJob();
  return moveJob(named, place - 1, hands);
}

async function ready(api: Api, id: string | undefined, job: JobView | undefined): Promise<string> {
  const device = id === undefined ? deviceFor(job, await api.devices()) : await findDevice(api, id);
  if (!device) throw new PlottyError("device.not-found", "no machine is connected");
  await api.actOnDevice(device.id, { name: "ready", body: { ready: true } });
  return `${device.id} is ready: fresh paper lies in it`;
}

async function idOf(api: Api, named: string | undefined, job: JobView | undefined): Promise<string> {
  if (named !== undefined) return (await findJob(api, named)).id;
  if (!job) throw noJob();
  return job.id;
}

function noJob(): PlottyError {
  return new PlottyError("usage.invalid", "no job is selected: name one");
}
