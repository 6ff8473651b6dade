/** As much of commander's `Command` as completing needs. */
export interface CommandLike {
  name(): string;
  description(): string;
  readonly commands: readonly CommandLike[];
  readonly options: readonly OptionLike[];
  readonly registeredArguments: readonly { name(): string; readonly variadic: boolean }[];
}

interface OptionLike {
  readonly long?: string | undefined;
  readonly description: string;
  readonly hidden: boolean;
  /** The option takes a value. */
  readonly required: boolean;
  readonly optional: boolean;
}

/** What fits at the end of a command line, and what a shell shows beside it. */
export interface Candidate {
  readonly text: string;
  readonly tells: string;
}

export type Live = "jobs" | "devices" | "alerts";

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Files fit too. */
  readonly files: boolean;
  /** What only the daemon knows fits too; by the command that it is for. */
  readonly live: Live | undefined;
  readonly command: string;
}

/** Values that an option or an argument takes, by its name. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  format: ["text", "json", "table"],
  channels: ["jobs", "system", "device"],
  level: ["info", "warning", "error", "critical"],
  until: ["completed", "failed", "done"],
  fit: ["none", "page"],
  rotate: ["auto", "0", "90", "180", "270"],
  optimize: ["fast", "balanced", "best"],
  preset: ["fast", "balanced", "best"],
  layers: ["inkscape", "groups", "colors"],
  paper: ["a6", "a5", "a4", "a3", "a2", "letter", "legal", "tabloid"],
  stage: ["geometry", "strokes", "motion"],
  state: ["NEW", "PLANNING", "QUEUED", "RUNNING", "PAUSED", "COMPLETED", "FAILED", "CANCELLED"],
  role: ["robot", "viewer", "operator"],
  topic: ["websocket", "jobs", "devices"],
  shell: ["bash", "zsh", "fish"],
};
const FILES = new Set(["file", "files", "out", "config"]);
const JOBS = new Set(["id", "ids", "job", "job-id"]);
/** Commands whose ids are not those of jobs. */
const OTHER_IDS = new Set(["apikey", "alerts", "hooks"]);
const DEVICES = new Set(["device"]);
/** Arguments whose values go with their command. */
const WHERE: Readonly<Record<string, readonly string[]>> = {
  pen: ["up", "down"],
  motors: ["on", "off"],
  maintenance: ["on", "off"],
};

/** @param words after `plotty`, the last one as far as it is typed, perhaps empty */
export function complete(program: CommandLike, words: readonly string[]): Completion {
  const { command, path, places, pending } = walk(program, words.slice(0, -1));
  const typed = words.at(-1) ?? "";
  const answer = pending
    ? valuesOf(pending, path)
    : typed.startsWith("-")
      ? { ...NOTHING, candidates: optionsOf(command) }
      : wordsOf(command, path, places);
  const candidates = answer.candidates.filter(({ text }) => text.startsWith(typed));
  return { ...answer, candidates, command: path.at(-1) ?? "" };
}

type Answer = Omit<Completion, "command">;
const NOTHING: Answer = { candidates: [], files: false, live: undefined };

/** The command that the words lead to, how many of its places are taken, and the option that waits for its value. */
function walk(program: CommandLike, words: readonly string[]) {
  let command = program;
  let pending: string | undefined;
  let places = 0;
  const path: string[] = [];
  for (const word of words) {
    if (pending) {
      pending = undefined;
    } else if (word.startsWith("-")) {
      const option = command.options.find(({ long }) => long === word);
      if (option?.required || option?.optional) pending = word.slice(2);
    } else {
      const next = command.commands.find((each) => each.name() === word);
      if (next) {
        command = next;
        path.push(word);
      } else places += 1;
    }
  }
  return { command, path, places, pending };
}

function optionsOf(command: CommandLike): Candidate[] {
  const options = command.options
    .filter(({ long, hidden }) => long !== undefined && !hidden)
    .map(({ long, description }) => ({ text: long!, tells: description }));
  return [...options, { text: "--help", tells: "tell about the command" }];
}

function wordsOf(command: CommandLike, path: readonly string[], places: number): Answer {
  if (command.commands.length > 0) {
    const candidates = command.commands.map((each) => ({ text: each.name(), tells: each.description() }));
    return { ...NOTHING, candidates };
  }
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[places] ?? (last?.variadic ? last : undefined);
  return argument ? valuesOf(argument.name(), path) : NOTHING;
}

function valuesOf(name: string, path: readonly string[]): Answer {
  const known = name === "where" ? WHERE[path.at(-1) ?? ""] : VALUES[name];
  if (known) return { ...NOTHING, candidates: known.map((text) => ({ text, tells: "" })) };
  if (FILES.has(name)) return { ...NOTHING, files: true };
  const isDevice = DEVICES.has(name) || (path.at(-1) === "device" && name === "id");
  if (isDevice) return { ...NOTHING, live: "devices" };
  if (!JOBS.has(name)) return NOTHING;
  const isOfJobs = name.startsWith("job") || !OTHER_IDS.has(path[0] ?? "");
  if (isOfJobs) return { ...NOTHING, live: "jobs" };
  return path[0] === "alerts" ? { ...NOTHING, live: "alerts" } : NOTHING;
}

/** For the shells' scripts: a candidate a line, what it means after a tab; `:files` where the shell shall add its own. */
export function completionLines(candidates: readonly Candidate[], files: boolean): string {
  const lines = candidates.map(({ text, tells }) => `${text}\t${tells.replace(/\s+/g, " ")}`);
  return [...lines, ...(files ? [":files"] : [])].map((line) => `${line}\n`).join("");
}
