import type { DestinationStream } from "pino";

const OWN_KEYS = new Set(["level", "time", "pid", "module", "msg"]);
const COLOURS: Readonly<Record<string, number>> = {
  trace: 90,
  debug: 90,
  info: 36,
  warn: 33,
  error: 31,
  fatal: 31,
};

/** Turns pino's JSON into lines for people: time, level, module, sentence, then `key=value`. */
export function readableLines(
  stream: { write(text: string): unknown },
  colour = !process.env.NO_COLOR,
): DestinationStream {
  return { write: (line) => void stream.write(readableLine(line, colour)) };
}

/** @param json one line of pino's output; text that is none is handed on as it is */
export function readableLine(json: string, colour: boolean): string {
  const entry = parseEntry(json);
  if (!entry) return json;
  const level = String(entry.level);
  const word = level.toUpperCase().padEnd(5);
  const code = COLOURS[level];
  const painted = colour && code !== undefined ? `\u001b[${code}m${word}\u001b[39m` : word;
  const head = [String(entry.time).slice(11, 19), painted, entry.module, entry.msg].filter(Boolean);
  return `${[...head, ...fieldsOf(entry)].join(" ")}\n`;
}

function parseEntry(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function fieldsOf(entry: Record<string, unknown>): string[] {
  return Object.entries(entry)
    .filter(([key]) => !OWN_KEYS.has(key))
    .map(([key, value]) => `${key}=${fieldText(key, value)}`);
}

/** An error shows its stack only in JSON; here its sentence is enough. */
function fieldText(key: string, value: unknown): string {
  if (key === "err" && typeof value === "object" && value !== null && "message" in value) {
    return JSON.stringify(value.message);
  }
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
