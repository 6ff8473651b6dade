import type { Command } from "commander";
import { examples, printing, type Run, toDaemon } from "./wiring.ts";

/** `token` and `apikey`: who may listen to the orchestrator streams. */
export function addKeyCommands(program: Command, run: Run): void {
  const keys = () => import("../commands/keys.ts");

  const token = program.command("token").description("tokens (JWT) for the orchestrator streams");
  examples(token, "token create --expires 30d");
  examples(
    toDaemon(token.command("create"))
      .description("sign a token with orchestrator.jwt_secret; prints it alone")
      .option("--expires <time>", "how long it lets in, such as 15m, 12h or 30d", "1h")
      .action((options) => run(async (session) => (await keys()).createToken(session, options))),
    "token create",
    "token create --expires 30d",
  );

  const apikey = program.command("apikey").description("robot keys: they let in until they are revoked");
  examples(apikey, "apikey create --name bench", "apikey list --format json", "apikey revoke k_0123456789ab");
  examples(
    toDaemon(apikey.command("create"))
      .description("make a key; prints it alone, only this once")
      .requiredOption("--name <name>", "whose it is")
      .option("--role <role>", "viewer reads, robot publishes events too, operator may everything", "robot")
      .action((options) => run(async (session) => (await keys()).createKey(session, options))),
    "apikey create --name bench > bench.key",
    "apikey create --name wall-screen --role viewer",
  );
  examples(
    printing(apikey.command("list"))
      .description("all keys and when each was last used, without the keys themselves")
      .action((options) => run(async (session) => (await keys()).listKeys(session, options))),
    "apikey list",
    "apikey list --format json",
  );
  examples(
    toDaemon(apikey.command("revoke <id>"))
      .description("let a key in no more; its connections end within seconds")
      .action((id, options) => run(async (session) => (await keys()).revokeKey(session, id, options))),
    "apikey revoke k_0123456789ab",
  );
}
