import type { Command } from "commander";
import { PLOT_FLAGS } from "../../shared/plot-flags.ts";
import { examples, printing, type Run, toDaemon } from "./wiring.ts";

/** `plot`, `add` and `demo`: from an SVG to ink. */
export function addDrawingCommands(program: Command, run: Run): void {
  const plot = placing(printing(program.command("plot")))
    .description("draw an SVG now: submit it, declare the paper ready, follow it to its end")
    .argument("<file>", "an SVG file, or - for stdin")
    .action((file, options) =>
      run(async (session) => (await import("../commands/plot.ts")).plot(session, file, options)),
    );
  examples(
    plot,
    "plot drawing.svg",
    "plot drawing.svg --paper a4 --margin 10 --fit page",
    "plot - < drawing.svg",
  );

  const add = placing(printing(program.command("add")))
    .description("queue drawings; prints their ids")
    .argument("<files...>", "SVG files, or - for stdin")
    .action((files, options) =>
      run(async (session) => (await import("../commands/jobs.ts")).add(session, files, options)),
    );
  examples(
    add,
    "add a.svg b.svg",
    "add poster.svg --paper a3 --pen black --priority 5",
    "add later.svg --hold",
  );

  const demo = toDaemon(program.command("demo"))
    .description("a daemon with a virtual plotter, a bundled drawing and the monitor, all in one")
    .option("--speed <n>", "how many times faster than a real machine")
    .action((options) =>
      run(async (session) => (await import("../commands/demo.ts")).demo(session, options)),
    );
  examples(demo, "demo", "demo --speed 40");
}

/** How a drawing is placed, ordered and queued. */
function placing(command: Command): Command {
  command.option("--name <name>", "what the job is called");
  for (const [flag, meaning] of PLOT_FLAGS) command.option(flag, meaning);
  return command
    .option("--priority <n>", "higher is drawn earlier")
    .option("--device <id>", "the machine that shall draw it")
    .option("--hold", "keep it back until it is resumed");
}
