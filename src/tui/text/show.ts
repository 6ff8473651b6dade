import { PlottyError } from "../../shared/errors.ts";
import { print, type Session } from "../session.ts";
import { boxTable, type Cell, textPairs, textTable } from "./table.ts";

export const FORMATS = ["text", "json", "table"] as const;
export type Format = (typeof FORMATS)[number];

/** Prints records: JSON as the daemon gave them, else one row each. */
export function showRows<T>(
  session: Session,
  format: Format,
  records: readonly T[],
  head: readonly string[],
  row: (record: T) => readonly Cell[],
): Promise<void> {
  if (format === "json") return print(session, JSON.stringify(records));
  const rows = records.map(row);
  return print(session, format === "table" ? boxTable(head, rows) : textTable(head, rows));
}

/** Prints one record: JSON as the daemon gave it, else its facts as names and values. */
export function showPairs(
  session: Session,
  format: Format,
  record: unknown,
  pairs: readonly (readonly [string, Cell])[],
): Promise<void> {
  if (format === "json") return print(session, JSON.stringify(record));
  return print(session, format === "table" ? boxTable(["", ""], pairs) : textPairs(pairs));
}

export function parseFormat(text: string): Format {
  if ((FORMATS as readonly string[]).includes(text)) return text as Format;
  throw new PlottyError("usage.invalid", `--format is ${FORMATS.join(", ")}, not "${text}"`);
}
