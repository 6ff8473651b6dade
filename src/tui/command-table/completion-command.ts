import type { Command } from "commander";
import { examples, type Run } from "./wiring.ts";

/** `completion`: Tab in the shell, job ids and machines included. */
export function addCompletionCommand(program: Command, run: Run): void {
  examples(
    program
      .command("completion <shell>")
      .description("a script that completes plotty's words, job ids and machines on Tab: bash, zsh or fish")
      .action((shell) =>
        run(async (session) => (await import("../commands/completion.ts")).completion(session, shell)),
      ),
    "completion bash > ~/.local/share/bash-completion/completions/plotty",
    "completion zsh > ~/.zfunc/_plotty",
    "completion fish > ~/.config/fish/completions/plotty.fish",
  );
}
