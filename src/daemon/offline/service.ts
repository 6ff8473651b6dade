import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { PlottyError } from "../../shared/errors.ts";
import { makeDirectory } from "../make-directory.ts";
import { print } from "./output.ts";

interface Flags {
  readonly config?: string;
  readonly print?: boolean;
  readonly force?: boolean;
}

/** `plotty service install`: a systemd unit of the user's own, so that no root and no other account is needed. */
export function addService(program: Command): void {
  program
    .command("service")
    .description("let the system start the daemon")
    .addHelpText("after", "\nExamples:\n  $ plotty service install")
    .command("install")
    .description("write a systemd user unit that keeps the daemon running")
    .option("--config <file>", "configuration file for the daemon")
    .option("--print", "only show what would be written")
    .option("--force", "write over a unit that says something else")
    .addHelpText(
      "after",
      "\nExamples:\n  $ plotty service install\n  $ plotty service install --config ~/studio.yaml\n  $ plotty service install --print",
    )
    .action(install);
}

async function install(flags: Flags): Promise<void> {
  const text = unitText(process.execPath, resolve(process.argv[1] ?? "plotty"), flags.config);
  if (flags.print) return print([text]);
  if (process.platform !== "linux") {
    throw new PlottyError(
      "usage.invalid",
      `this system has no systemd: let its own service manager run "plotty daemon"`,
    );
  }
  const path = unitPath(process.env);
  if (existsSync(path) && readFileSync(path, "utf8") !== text && !flags.force) {
    throw new PlottyError(
      "usage.invalid",
      `${path} exists and says something else: write over it with --force`,
    );
  }
  makeDirectory(dirname(path));
  writeFileSync(path, text);
  process.stderr.write(`wrote ${path}\n`);
  await print([
    "systemctl --user daemon-reload\n",
    "systemctl --user enable --now plotty\n",
    "loginctl enable-linger   # so that it runs while nobody is logged in\n",
  ]);
}

function unitPath(env: NodeJS.ProcessEnv): string {
  return join(
    env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"),
    "systemd",
    "user",
    "plotty.service",
  );
}

/**
 * The unit. On a stop the daemon raises the pen and parks, which a far corner of the paper gives some seconds to. What the daemon
 * tells systemd comes from systemd's own tool, a process of its own: hence `NotifyAccess=all`; without that tool it tells nothing.
 */
function unitText(node: string, bin: string, config: string | undefined): string {
  const command = [node, bin, "daemon", ...(config ? ["--config", resolve(config)] : [])]
    .map(quoted)
    .join(" ");
  const tells = isOnPath("systemd-notify")
    ? "Type=notify\nNotifyAccess=all\nWatchdogSec=60\n"
    : "Type=exec\n";
  return `[Unit]
Description=plotty, the daemon that owns the pen plotters
After=network.target

[Service]
${tells}ExecStart=${command}
ExecReload=/bin/kill -HUP $MAINPID
UMask=0077
NoNewPrivileges=true
Restart=on-failure
RestartSec=2
TimeoutStopSec=30
KillMode=mixed

[Install]
WantedBy=default.target
`;
}

function isOnPath(tool: string): boolean {
  return (process.env.PATH ?? "").split(":").some((directory) => existsSync(join(directory || ".", tool)));
}

/** As systemd reads words: in quotes where one holds a blank, and its own signs doubled. */
function quoted(word: string): string {
  const plain = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /[\s"'\\]/.test(plain) ? `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : plain;
}
