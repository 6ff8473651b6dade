import type { Command } from "commander";
import type { JobAction } from "../client/api.ts";
import { examples, printing, type Run, toDaemon } from "./wiring.ts";

const ACTIONS: readonly { action: JobAction; tells: string }[] = [
  { action: "pause", tells: "brake along the path and raise the pen" },
  { action: "resume", tells: "go on at the very point where a job stopped" },
  { action: "cancel", tells: "end a job and park the machine" },
  { action: "retry", tells: "queue a failed or cancelled job again" },
];

/** The queue: what is in it, and what happens to a job in it. */
export function addQueueCommands(program: Command, run: Run): void {
  const jobs = () => import("../commands/jobs.ts");
  const info = () => import("../commands/info.ts");

  examples(
    printing(program.command("list"))
      .description("all jobs")
      .option("--state <states>", "only these, such as QUEUED,RUNNING")
      .action((options) => run(async (session) => (await jobs()).list(session, options))),
    "list",
    "list --state failed",
    "list --format json",
  );

  const about = program.command("info").description("tell about the system, the queue, a job or a machine");
  examples(
    about,
    "info system",
    "info job my_design",
    "info queue --format table",
    "info device axidraw_001",
  );
  examples(
    printing(about.command("system"))
      .description("the daemon, its websocket and its data")
      .action((options) => run(async (session) => (await info()).infoSystem(session, options))),
    "info system",
    "info system --format json",
  );
  examples(
    printing(about.command("queue"))
      .description("what waits, and for how long")
      .action((options) => run(async (session) => (await info()).infoQueue(session, options))),
    "info queue",
    "info queue --format table",
  );
  examples(
    printing(about.command("job <id>"))
      .description("a job, its layers, estimate, notes and history")
      .action((id, options) => run(async (session) => (await jobs()).infoJob(session, id, options))),
    "info job my_design",
  );
  examples(
    printing(about.command("device <id>"))
      .description("a machine and what it does")
      .action((id, options) => run(async (session) => (await info()).infoDevice(session, id, options))),
    "info device axidraw_001",
  );

  examples(
    printing(program.command("stats <topic>"))
      .description("figures of websocket, jobs or devices")
      .action((topic, options) => run(async (session) => (await info()).stats(session, topic, options))),
    "stats websocket",
    "stats jobs --format json",
  );

  for (const { action, tells } of ACTIONS) {
    examples(
      printing(program.command(`${action} <ids...>`))
        .description(tells)
        .action((ids, options) => run(async (session) => (await jobs()).act(session, action, ids, options))),
      `${action} my_design`,
    );
  }
  examples(
    toDaemon(program.command("remove <ids...>"))
      .description("forget jobs that have ended")
      .action((ids, options) => run(async (session) => (await jobs()).remove(session, ids, options))),
    "remove my_design my_design_001",
  );
  examples(
    toDaemon(program.command("move <id>"))
      .description("give a waiting job another place in the queue, or to another machine")
      .option("--to <n>", "1 is drawn next")
      .option("--device <id>", "the machine that shall draw it")
      .action((id, options) => run(async (session) => (await jobs()).move(session, id, options))),
    "move my_design --to 1",
    "move my_design --device axidraw_002",
  );
}
