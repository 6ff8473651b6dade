import type { Command } from "commander";
import { examples, type Run, toDaemon } from "./wiring.ts";

/** `monitor`: one command, for people on a terminal and for programs in a pipe. */
export function addMonitorCommand(program: Command, run: Run): void {
  examples(
    toDaemon(program.command("monitor"))
      .description("watch jobs, machines and alerts: a screen on a terminal, lines in a pipe")
      .option("--format <format>", "text, json or table; a screen where this is not given")
      .option("--follow", "go on with every event, through restarts of the daemon")
      .option("--stats", "throughput, connections and latency instead of events")
      .option("--interval <seconds>", "between two lines of --stats", "60")
      .option("--channels <list>", "of jobs, system, device", "jobs,system,device")
      .option("--job-id <id>", "only this job, and its alerts")
      .option("--level <level>", "events of info, warning, error or critical, and above")
      .option("--until <state>", "end when the jobs are completed, failed or done")
      .option("--timeout <seconds>", "end with 1 when --until has not come by then")
      .option("--read-only", "look, and change nothing")
      .option("--plain", "lines on a terminal too, no screen")
      .action((options) =>
        run(async (session) => (await import("../commands/monitor.ts")).monitor(session, options)),
      ),
    "monitor",
    "monitor --follow --format json | jq --unbuffered -c .type",
    "monitor --job-id my_design --until done --timeout 3600",
    "monitor --channels jobs,system --level warning --follow",
    "monitor --stats --interval 60",
  );
}
