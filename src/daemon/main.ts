import { Command, CommanderError } from "commander";
import { toPlottyError } from "../shared/errors.ts";
import { type DaemonFlags, runDaemon } from "./run-daemon.ts";
import { hasLostTerminal } from "./terminal.ts";

/**
 * `plotty daemon`: in the foreground, until SIGTERM or SIGINT. SIGHUP has it read its configuration anew.
 *
 * @param argv the command's own words, `daemon` first
 * @returns the exit code
 */
export async function main(argv: string[]): Promise<number> {
  const command = daemonCommand();
  try {
    command.parse(argv.slice(1), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  const hadTerminal = process.stdin.isTTY || process.stderr.isTTY;
  let reload = () => {};
  const onHangup = () => (hasLostTerminal(hadTerminal) ? stop.abort() : reload());
  process.on("SIGHUP", onHangup);
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    await runDaemon(command.opts<DaemonFlags>(), process.env, stop.signal, (whenAsked) => {
      reload = whenAsked;
    });
    return 0;
  } catch (thrown) {
    const error = toPlottyError(thrown);
    const cause = error.code === "internal" && error.cause instanceof Error ? `\n${error.cause.stack}` : "";
    process.stderr.write(`plotty: ${error.message}${cause}\n`);
    return error.exitCode;
  } finally {
    process.off("SIGHUP", onHangup);
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}

function daemonCommand(): Command {
  return new Command("plotty daemon")
    .description(
      "Own the plotters of this machine: keep the queue, plan, draw, tell. Runs in the foreground.",
    )
    .option("--host <host>", "address to listen on (default: localhost)")
    .option("--port <port>", "port to listen on, 0 for a free one (default: 8766)")
    .option("--config <file>", "configuration file (PLOTTY_CONFIG)")
    .option("--log-level <level>", "trace, debug, info, warn, error or silent")
    .option("--simulate", "add a virtual plotter, virtual_001")
    .option("--speed <n>", "how many times faster than real the virtual plotter draws")
    .addHelpText(
      "after",
      `
Examples:
  $ plotty daemon
  $ plotty daemon --simulate --speed 10
  $ plotty daemon --config studio.yaml --log-level debug`,
    )
    .exitOverride();
}
