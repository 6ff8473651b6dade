import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { PlottyError } from "../../shared/errors.ts";
import { defaultConfigFile, loadConfig } from "../config.ts";
import { makeDirectory } from "../make-directory.ts";
import { defaultConfigText, shownConfig } from "./config-text.ts";
import { print } from "./output.ts";
import { reloadConfig } from "./reload.ts";

interface ConfigFlags {
  readonly config?: string;
  readonly force?: boolean;
  readonly format?: string;
}

/** `plotty config init|show|validate|reload`. */
export function addConfig(program: Command): void {
  const config = program
    .command("config")
    .description("write, show and check the configuration")
    .addHelpText("after", "\nExamples:\n  $ plotty config init\n  $ plotty config validate studio.yaml");
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
    .option("--config <file>", "the same (PLOTTY_CONFIG)")
    .addHelpText("after", "\nExamples:\n  $ plotty config validate studio.yaml")
    .action(validateConfig);
  config
    .command("reload")
    .description("have the daemon read its configuration anew: what can change at run time does")
    .option("--config <file>", "where to look up the daemon's address and key (PLOTTY_CONFIG)")
    .option("--url <url>", "the daemon, as ws://host:port/ws (PLOTTY_URL)")
    .option("--api-key <key>", "its key, where it asks for one (PLOTTY_API_KEY)")
    .option("--no-color", "no colour (NO_COLOR)")
    .option("--format <format>", "text or json", "text")
    .addHelpText("after", "\nExamples:\n  $ plotty config reload\n  $ kill -HUP $(pidof plotty)   # the same")
    .action(reloadConfig);
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
    writeFileSync(file, defaultConfigText(schemaAddress()), { mode: 0o600 });
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

/** The JSON Schema in the package: beside `dist`, or beside the sources. */
function schemaAddress(): string | null {
  const places = ["../docs/schemas/config.json", "../../../docs/schemas/config.json"];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  return found?.href ?? null;
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

async function validateConfig(file: string | undefined, flags: ConfigFlags): Promise<void> {
  const loaded = loadConfig({ env: process.env, file: file ?? flags.config });
  for (const warning of loaded.warnings) process.stderr.write(`warning: ${warning}\n`);
  await print([`${loaded.file ?? "the defaults (there is no configuration file)"}: valid\n`]);
}
