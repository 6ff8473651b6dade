import type { Command } from "commander";
import { examples, printing, type Run, toDaemon } from "./wiring.ts";

/** `hooks`: trying them, and webhooks that nobody has taken yet. */
export function addHookCommands(program: Command, run: Run): void {
  const commands = () => import("../commands/hooks.ts");
  const hooks = program
    .command("hooks")
    .description("try the configured hooks, or see what was not delivered");
  examples(
    hooks,
    "hooks test COMPLETED",
    "hooks test failed --job my_design",
    "hooks list",
    "hooks retry --all",
  );
  examples(
    printing(hooks.command("test <state>"))
      .description("run the hooks of a state now, or those of ALERT; tells how each went")
      .option("--job <id>", "with this job's values instead of invented ones")
      .action((state, options) =>
        run(async (session) => (await commands()).testHooks(session, state, options)),
      ),
    "hooks test COMPLETED",
    "hooks test failed --job my_design",
  );
  examples(
    printing(hooks.command("list"))
      .description("webhooks that their receivers have not taken yet")
      .action((options) => run(async (session) => (await commands()).listUndelivered(session, options))),
    "hooks list",
  );
  examples(
    toDaemon(hooks.command("retry [ids...]"))
      .description("try them again now, also those that were given up")
      .option("--all", "every undelivered one")
      .action((ids, options) =>
        run(async (session) => (await commands()).retryWebhooks(session, ids, options)),
      ),
    "hooks retry 12",
    "hooks retry --all",
  );
  examples(
    toDaemon(hooks.command("drop [ids...]"))
      .description("forget them")
      .option("--all", "every undelivered one")
      .action((ids, options) =>
        run(async (session) => (await commands()).dropWebhooks(session, ids, options)),
      ),
    "hooks drop 12",
    "hooks drop --all",
  );
}
