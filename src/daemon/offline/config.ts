import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { PlottyError } from "../../shared/errors.ts";
import { defaultConfigFile, loadConfig } from "../config.ts";
import { makeDirectory } from "../make-directory.ts";
import { defaultConfigText, shownConfig } from "./config-text.ts";
import { print } from "./output.ts";

interface ConfigFlags {
  readonly config?: string;
  readonly force?: boolean;
  readonly format?: string;
}

/** `plotty config init|show|validate`. */
export function addConfig(program: Command): void {
  const config = program.command("config").description("write, show and check the configuration");
  config
    .command("init")
    .description("write a configuration file with every key, its default and what it means")
    .option("--config <file>", "where to write it (PLOTTY_CONFIG)")
    .option("--force", "write over a file that exists")
    .addHelpText("after", "\nExamples:\n  $ plotty config init\n  $ plotty config init --config studio.yaml")
    .action(initConfig);
  config
    .command("show")
    .description("the configuration in force: file, environment and defaults together")
    .option("--config <file>", "configuration file (PLOTTY_CONFIG)")
    .option("--format <format>", "text (YAML) or json", "text")
    .addHelpText(
      "after",
      "\nExamples:\n  $ plotty config show\n  $ plotty config show --format json | jq .websocket",
    )
    .action(showConfig);
  config
    .command("validate")
    .description("check a configuration file")
    .argument("[file]", "the file (default: the one in force)")
    .addHelpText("after", "\nExamples:\n  $ plotty config validate studio.yaml")
    .action(validateConfig);
}

async function initConfig(flags: ConfigFlags): Promise<void> {
  const file = flags.config ?? (process.env.PLOTTY_CONFIG || defaultConfigFile(process.env));
  if (existsSync(file) && !flags.force) {
    throw new PlottyError("usage.invalid", `${file} exists already: edit it, or write over it with --force`, {
      file,
    });
  }
  try {
    makeDirectory(dirname(file));
    writeFileSync(file, defaultConfigText(), { mode: 0o600 });
  } catch (error) {
    throw new PlottyError(
      "file.unreadable",
      `${file} cannot be written: ${(error as Error).message}`,
      { file },
      error,
    );
  }
  await print([`${file}\n`]);
}

async function showConfig(flags: ConfigFlags): Promise<void> {
  if (flags.format !== "text" && flags.format !== "json") {
    throw new PlottyError("usage.invalid", `--format is text or json here, not "${flags.format}"`);
  }
  const { config, file } = loadConfig({ env: process.env, file: flags.config });
  const shown = shownConfig(config);
  const head = `# ${file ?? "defaults: there is no configuration file"}\n`;
  await print([flags.format === "json" ? `${JSON.stringify(shown)}\n` : head + stringify(shown)]);
}

async function validateConfig(file: string | undefined): Promise<void> {
  const loaded = loadConfig({ env: process.env, file });
  for (const warning of loaded.warnings) process.stderr.write(`warning: ${warning}\n`);
  await print([`${loaded.file ?? "the defaults (there is no configuration file)"}: valid\n`]);
}
