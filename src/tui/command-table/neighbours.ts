import type { Command } from "commander";

/** Commands that `bin` gives to the daemon's side of the house. They stand here so that the help lists them all. */
const NEIGHBOURS = [
  ["daemon", "own the plotters of this machine: queue, plan, draw, tell"],
  ["estimate", "how long an SVG takes, without a daemon"],
  ["preview", "a picture of what will be drawn, without a daemon"],
  ["plan", "the plan of an SVG as JSON, without a daemon"],
  ["config", "write, show and check the configuration"],
  ["check", "find what is wrong with configuration, ports, machines or daemon, and how to mend it"],
  ["service", "let the system start the daemon"],
] as const;

export function addNeighbours(program: Command): void {
  for (const [name, tells] of NEIGHBOURS) {
    program
      .command(name)
      .description(tells)
      .helpOption(false)
      .allowUnknownOption()
      .argument("[words...]")
      .action(() => {
        program.error(`write ${name} directly after plotty: "plotty ${name} --help" tells how it is used`);
      });
  }
}
