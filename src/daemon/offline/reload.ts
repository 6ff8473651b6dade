import { errorFromBody, PlottyError } from "../../shared/errors.ts";
import { problemSchema, type ReloadReport, reloadReportSchema } from "../../shared/http-messages.ts";
import { loadConfig } from "../config.ts";
import { type Config, configSchema } from "../config-schema.ts";
import { baseUrl } from "./ask-daemon.ts";
import { print } from "./output.ts";

export interface ReloadFlags {
  readonly config?: string;
  readonly url?: string;
  readonly apiKey?: string;
  readonly format?: string;
}

/** `plotty config reload`: the daemon reads its configuration anew and tells what counts now and what from its next start. */
export async function reloadConfig(flags: ReloadFlags): Promise<void> {
  if (flags.format !== "text" && flags.format !== "json") {
    throw new PlottyError("usage.invalid", `--format is text or json here, not "${flags.format}"`);
  }
  const report = await askForReload(flags);
  for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`);
  if (flags.format === "json") return print([`${JSON.stringify(report)}\n`]);
  const { changed, after_restart: later } = report;
  const lines = [
    ...(changed.length > 0 ? [`in force: ${changed.join(", ")}\n`] : []),
    ...(later.length > 0 ? [`from the next start of the daemon: ${later.join(", ")}\n`] : []),
  ];
  await print(lines.length > 0 ? lines : ["nothing has changed\n"]);
}

async function askForReload(flags: ReloadFlags): Promise<ReloadReport> {
  const { PLOTTY_URL, PLOTTY_API_KEY } = process.env;
  const config = knownConfig(flags.config);
  const url = baseUrl(config, flags.url ?? (PLOTTY_URL || undefined));
  const key = flags.apiKey ?? (PLOTTY_API_KEY || config.websocket.api_key);
  const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const response = await fetch(`${url}/api/v1/config/reload`, { method: "POST", headers }).catch((error) => {
    const message = `no plotty daemon answers at ${url}: start one with "plotty daemon", or name another with --url`;
    throw new PlottyError("daemon.unreachable", message, { url }, error);
  });
  const body: unknown = await response.json().catch(() => undefined); // a stranger's answer is told below
  const report = reloadReportSchema.safeParse(body);
  if (response.ok && report.success) return report.data;
  const problem = problemSchema.safeParse(body);
  if (problem.success) throw errorFromBody({ ...problem.data, message: problem.data.detail } as never);
  throw new PlottyError("daemon.unreachable", `what answers at ${url} is not a plotty daemon: check --url`, {
    url,
  });
}

/** Where the daemon is and its key. One that cannot be read is the daemon's to complain of: it may have another. */
function knownConfig(file: string | undefined): Config {
  try {
    return loadConfig({ env: process.env, file }).config;
  } catch (error) {
    if (error instanceof PlottyError && file === undefined) return configSchema.parse({});
    throw error;
  }
}
