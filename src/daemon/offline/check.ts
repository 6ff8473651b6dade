import type { Command } from "commander";
import { PlottyError } from "../../shared/errors.ts";
import { type Finding, findings } from "./findings.ts";
import { print } from "./output.ts";

interface Flags {
  readonly config?: string;
  readonly url?: string;
  readonly apiKey?: string;
  readonly format: string;
}

/** `plotty check`: looks at everything a plot needs, and says how to mend what is wrong. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("find what is wrong with configuration, ports, machines or daemon, and how to mend it")
    .option("--config <file>", "configuration file (PLOTTY_CONFIG)")
    .option("--url <url>", "the daemon, as ws://host:port/ws (PLOTTY_URL)")
    .option("--api-key <key>", "its key, where it asks for one (PLOTTY_API_KEY)")
    .option("--format <format>", "text, json or table", "text")
    .option("--no-color", "no colour (NO_COLOR)")
    .addHelpText(
      "after",
      "\nExamples:\n  $ plotty check\n  $ plotty check --format json | jq '.[] | select(.mend)'",
    )
    .action(check);
}

async function check(flags: Flags): Promise<void> {
  const show = FORMATS[flags.format];
  if (!show) throw new PlottyError("usage.invalid", `--format is text, json or table, not "${flags.format}"`);
  const found = await findings(process.env, flags);
  await print([await show(found)]);
  const wrong = found.filter(({ level }) => level === "problem").length;
  if (wrong > 0)
    throw new PlottyError("internal", wrong === 1 ? "1 thing is wrong" : `${wrong} things are wrong`);
}

const MARKS: Readonly<Record<Finding["level"], string>> = {
  ok: "ok      ",
  note: "note    ",
  problem: "PROBLEM ",
};

const FORMATS: Readonly<Record<string, (found: readonly Finding[]) => string | Promise<string>>> = {
  json: (found) => `${JSON.stringify(found)}\n`,
  text: (found) =>
    found
      .map(({ level, about, tells, mend }) => {
        const line = `${MARKS[level]} ${about.padEnd(8)} ${tells}\n`;
        return mend ? `${line}${" ".repeat(18)}mend: ${mend}\n` : line;
      })
      .join(""),
  table: async (found) => {
    const { default: Table } = await import("cli-table3");
    const columns = process.stdout.columns || 120;
    const rest = Math.max(20, Math.floor((columns - 30) / 2));
    const table = new Table({
      head: ["", "ABOUT", "TELLS", "MEND"],
      style: { head: [], border: [] },
      colWidths: [9, 10, rest, rest],
      wordWrap: true,
    });
    table.push(...found.map(({ level, about, tells, mend }) => [level, about, tells, mend ?? ""]));
    return `${table.toString()}\n`;
  },
};
