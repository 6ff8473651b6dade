import { Command, CommanderError } from "commander";
import { PlottyError, toPlottyError } from "../shared/errors.ts";
import { VERSION } from "../shared/version.ts";
import { addAlertCommands } from "./command-table/alert-commands.ts";
import { addCompletionCommand } from "./command-table/completion-command.ts";
import { addDeviceCommands } from "./command-table/device-commands.ts";
import { addDrawingCommands } from "./command-table/drawing-commands.ts";
import { addHookCommands } from "./command-table/hook-commands.ts";
import { addKeyCommands } from "./command-table/key-commands.ts";
import { addMonitorCommand } from "./command-table/monitor-command.ts";
import { addNeighbours } from "./command-table/neighbours.ts";
import { addQueueCommands } from "./command-table/queue-commands.ts";
import type { Run } from "./command-table/wiring.ts";
import { Interrupted, openSession, type Session } from "./session.ts";

/**
 * The command line: every command but those that `bin` sends elsewhere.
 *
 * @param argv the words after `plotty`
 * @returns the exit code: 0 done, 1 failed, 2 usage, 3 no daemon, 4 not allowed, 130 and 143 interrupted
 */
export async function main(argv: string[]): Promise<number> {
  const { session, end } = openSession();
  try {
    return await runCommand(session, argv);
  } catch (error) {
    return report(session, error);
  } finally {
    end();
  }
}

async function runCommand(session: Session, argv: string[]): Promise<number> {
  let exitCode = 0;
  const run: Run = async (command) => {
    exitCode = await command(session);
  };
  const program = createProgram(run);
  if (argv[0] === "__complete") {
    return (await import("./commands/complete.ts")).answerShell(session, program, argv.slice(1));
  }
  await program.parseAsync(argv, { from: "user" });
  if (session.signal.aborted && exitCode === 0) throw session.signal.reason;
  return exitCode;
}

function createProgram(run: Run): Command {
  const program = new Command("plotty")
    .description("Queues drawings, plots them and tells what the plotters do.")
    .version(VERSION, "-V, --version")
    .helpCommand("help [command]", "tell about a command")
    .showHelpAfterError("(plotty --help lists the commands)")
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  addDrawingCommands(program, run);
  addQueueCommands(program, run);
  addDeviceCommands(program, run);
  addMonitorCommand(program, run);
  addAlertCommands(program, run);
  addHookCommands(program, run);
  addKeyCommands(program, run);
  addCompletionCommand(program, run);
  addNeighbours(program);
  return program;
}

const EXAMPLES = `
Examples:
  $ plotty daemon                       own the plotters of this machine
  $ plotty plot drawing.svg             draw it now, and follow it to its end
  $ plotty add a.svg b.svg              queue two drawings
  $ plotty monitor                      watch everything
  $ plotty monitor --follow --format json | jq --unbuffered .type
  $ plotty demo                         all of it on a virtual plotter, nothing needed

Exit codes: 0 done, 1 failed, 2 bad usage, 3 no daemon, 4 not allowed, 130 and 143 interrupted.`;

/** Says what went wrong in one sentence on stderr; the exit code goes with the kind of error. */
function report(session: Session, error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (session.signal.aborted && session.signal.reason instanceof Interrupted)
    return session.signal.reason.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it already
  const { message, exitCode } = toPlottyError(error);
  session.stderr.write(`plotty: ${message}\n`);
  if (!(error instanceof PlottyError) && session.env.PLOTTY_DEBUG)
    session.stderr.write(`${stackOf(error)}\n`);
  return exitCode;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
