import type { JobStateName } from "../../shared/job-states.ts";
import type { SystemAlert } from "../../shared/ws-messages.ts";
import type { JobRecord } from "./job-record.ts";

/** What a hook is told, by the names that stand in braces in a command. */
export const HOOK_VALUES = [
  "job_id",
  "name",
  "from_state",
  "to_state",
  "reason",
  "pen",
  "paper",
  "device_id",
] as const;
/** The same for `hooks.ALERT`. */
export const ALERT_VALUES = ["alert_id", "level", "message", "source", "job_id", "device_id"] as const;
export type HookValues = Readonly<Record<string, string>>;

export function hookValues(job: JobRecord, from: JobStateName | null): HookValues {
  return {
    job_id: job.id,
    name: job.name,
    from_state: from ?? "",
    to_state: job.state.name,
    reason: job.reason,
    pen: job.plan?.layers[0]?.pen ?? job.options.pen ?? "",
    paper: job.options.paper?.toLowerCase() ?? "",
    device_id: job.device ?? "",
  };
}

export function alertValues(alert: SystemAlert): HookValues {
  const { id, level, message, source, job_id = "", device_id = "" } = alert;
  return { alert_id: id, level, message, source, job_id, device_id };
}

/** `PLOTTY_JOB_ID` and its like. A NUL cannot stand in an environment and is left out. */
export function hookEnvironment(values: HookValues): Record<string, string> {
  const entries = Object.entries(values).map(([name, value]) => [variable(name), value.replaceAll("\0", "")]);
  return Object.fromEntries(entries);
}

/**
 * A command with its braces made shell variables, quoted as their place asks for. The values themselves never become part
 * of the text that the shell reads as code, so a job may be called `$(rm -rf ~)`.
 *
 * @param names what may stand in braces; all else in braces is left to the shell
 */
export function quoteCommand(command: string, names: readonly string[] = HOOK_VALUES): string {
  let quoted = "";
  let quote: "'" | '"' | null = null;
  for (let i = 0; i < command.length; i++) {
    const name = placeholderAt(command, i, names);
    if (name) {
      quoted += inQuotes(variable(name), quote);
      i += name.length + 1;
      continue;
    }
    const character = command[i]!;
    quoted += character;
    if (character === "\\" && quote !== "'") quoted += command[++i] ?? "";
    else if (character === quote) quote = null;
    else if (quote === null && (character === "'" || character === '"')) quote = character;
  }
  return quoted;
}

function placeholderAt(command: string, at: number, names: readonly string[]): string | undefined {
  return names.find((name) => command.startsWith(`{${name}}`, at));
}

function inQuotes(variableName: string, quote: "'" | '"' | null): string {
  if (quote === "'") return `'"$${variableName}"'`;
  return quote === '"' ? `\${${variableName}}` : `"$${variableName}"`;
}

function variable(name: string): string {
  return `PLOTTY_${name.toUpperCase()}`;
}
