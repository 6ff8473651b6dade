import type { Command } from "commander";
import { examples, printing, type Run, toDaemon } from "./wiring.ts";

/** `alerts`: what wants somebody's eye, and that it has had it. */
export function addAlertCommands(program: Command, run: Run): void {
  const commands = () => import("../commands/alerts.ts");
  const alerts = program.command("alerts").description("alerts that are open: neither over nor acknowledged");
  examples(alerts, "alerts", "alerts --all --format json", "alerts ack 3f2a", "alerts ack --all");
  examples(
    printing(alerts.command("list", { isDefault: true }))
      .description("open alerts, newest first")
      .option("--all", "also those that are over or acknowledged")
      .action((options) => run(async (session) => (await commands()).listAlerts(session, options))),
    "alerts",
    "alerts list --all --format json",
  );
  examples(
    toDaemon(alerts.command("ack [ids...]"))
      .description("say that somebody has seen them; the beginning of an id is enough")
      .option("--all", "every open alert")
      .action((ids, options) =>
        run(async (session) => (await commands()).acknowledgeAlerts(session, ids, options)),
      ),
    "alerts ack 3f2a",
    "alerts ack --all",
  );
}
