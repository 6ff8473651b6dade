import type { Command } from "commander";
import type { Session } from "../session.ts";

/** Runs a command in the session and keeps its exit code. Commands are imported when they run, not before. */
export type Run = (command: (session: Session) => Promise<number>) => Promise<void>;

/** The options of every command that talks to a daemon. */
export function toDaemon(command: Command): Command {
  return command
    .option("--url <url>", "the daemon, as ws://host:port/ws (PLOTTY_URL)")
    .option("--api-key <key>", "its key, where it asks for one (PLOTTY_API_KEY)")
    .option("--no-color", "no colour (NO_COLOR)");
}

/** … and that prints data. */
export function printing(command: Command): Command {
  return toDaemon(command).option("--format <format>", "text, json or table", "text");
}

/** Examples at the end of a command's help. @param lines without the prompt */
export function examples(command: Command, ...lines: string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ plotty ${line}`).join("\n")}`);
}
