import { Command, CommanderError } from "commander";
import { complete, completionLines } from "../../shared/complete.ts";
import { toPlottyError } from "../../shared/errors.ts";
import { addCheck } from "./check.ts";
import { addConfig } from "./config.ts";
import { addEstimate } from "./estimate.ts";
import { addPlan } from "./plan-stages.ts";
import { addPreview } from "./preview.ts";
import { addService } from "./service.ts";

/**
 * The commands that need the planner and no daemon: `estimate`, `preview`, `plan`, `config`, `check`, `service`.
 *
 * @param argv the command's own words, its name first
 * @returns the exit code
 */
export async function main(argv: string[]): Promise<number> {
  const program = new Command("plotty").exitOverride().showSuggestionAfterError();
  addEstimate(program);
  addPreview(program);
  addPlan(program);
  addConfig(program);
  addCheck(program);
  addService(program);
  for (const command of program.commands) quiet(command);
  if (argv[0] === "__complete") {
    const { candidates, files } = complete(program, argv.slice(1));
    process.stdout.write(completionLines(candidates, files));
    return 0;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const error = toPlottyError(thrown);
    const cause = error.code === "internal" && error.cause instanceof Error ? `\n${error.cause.stack}` : "";
    process.stderr.write(`plotty: ${error.message}${cause}\n`);
    return error.exitCode;
  }
}

/** Commander would end the process; the exit code is ours to give. */
function quiet(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) quiet(child);
}
