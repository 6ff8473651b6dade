import type { Command } from "commander";
import { examples, printing, type Run, toDaemon } from "./wiring.ts";

/** `ready` and `device …`: what a person does at the machine. */
export function addDeviceCommands(program: Command, run: Run): void {
  const devices = () => import("../commands/devices.ts");
  examples(
    toDaemon(program.command("ready"))
      .description("declare that fresh paper lies in a machine: the next job may start")
      .argument("[device]", "needed where there are several")
      .option("--not", "take it back")
      .action((id, options) => run(async (session) => (await devices()).ready(session, id, options))),
    "ready",
    "ready axidraw_001",
  );

  const device = program.command("device").description("list machines, or move one by hand");
  examples(
    device,
    "device list",
    "device jog 10 -5",
    "device pen up",
    "device pen --speed 30 --up-percent 65",
    "device outline my_design",
    "device motors off --device axidraw_001",
  );
  examples(
    printing(device.command("list"))
      .description("all machines")
      .action((options) => run(async (session) => (await devices()).listDevices(session, options))),
    "device list",
    "device list --format json",
  );
  examples(
    onOne(device.command("jog <dx> <dy>"))
      .description("move by so many mm: right, down")
      .action((dx, dy, options) => run(async (session) => (await devices()).jog(session, dx, dy, options))),
    "device jog 10 -5",
  );
  examples(
    onOne(device.command("pen [where]"))
      .description("pen up or down; or changed from the next stroke on, to the end of its job")
      .option("--speed <mm/s>", "how fast it draws")
      .option("--up-percent <n>", "servo height when raised, per cent of its range")
      .option("--down-percent <n>", "servo height when lowered")
      .option("--delay <ms>", "extra wait after each lift and drop")
      .action((where, options) => run(async (session) => (await devices()).pen(session, where, options))),
    "device pen up",
    "device pen --speed 30 --up-percent 65",
  );
  examples(
    onOne(device.command("outline <job>"))
      .description("once around all that a job draws, pen up: does it lie on the paper?")
      .action((job, options) => run(async (session) => (await devices()).outline(session, job, options))),
    "device outline my_design",
  );
  for (const [name, tells] of [
    ["home", "return to the origin"],
    ["park", "raise the pen and return to the origin"],
    ["stop", "halt now: the place is lost, and device home asks for it"],
  ] as const) {
    examples(
      onOne(device.command(name))
        .description(tells)
        .action((options) => run(async (session) => (await devices()).goHome(session, name, options))),
      `device ${name}`,
      `device ${name} --device axidraw_001`,
    );
  }
  for (const [name, tells] of [
    ["motors", "motors on or off: off lets the carriage be pushed by hand"],
    ["maintenance", "maintenance on or off: no job starts while it is on"],
  ] as const) {
    examples(
      onOne(device.command(`${name} <where>`))
        .description(tells)
        .action((where, options) =>
          run(async (session) => (await devices()).turn(session, name, where, options)),
        ),
      `device ${name} off`,
      `device ${name} on --device axidraw_001`,
    );
  }
}

function onOne(command: Command): Command {
  return toDaemon(command).option("--device <id>", "needed where there are several");
}
