import type { Command } from "commander";
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
  return command
    .option("--name <name>", "what the job is called")
    .option("--paper <paper>", "a4, letter, … or a paper of the configuration")
    .option("--margin <mm>", "kept free around the drawing")
    .option("--fit <how>", "none, or page: scale it to the paper")
    .option("--rotate <degrees>", "auto, 0, 90, 180 or 270")
    .option("--scale <factor>", "1 is the drawing's own size")
    .option("--origin <x,y>", "where the page's corner goes, mm from the machine's origin")
    .option("--join <mm>", "join strokes whose ends are at most this far apart")
    .option("--optimize <preset>", "fast, balanced or best")
    .option("--preset <preset>", "the same")
    .option("--keep-order", "draw in the order of the file")
    .option("--pen <pen>", "draw every layer with this pen")
    .option("--layers <source>", "inkscape, groups or colors")
    .option("--priority <n>", "higher is drawn earlier")
    .option("--device <id>", "the machine that shall draw it")
    .option("--hold", "keep it back until it is resumed");
}
