import { PlottyError } from "../../shared/errors.ts";

/** What `plot` and `add` know of placing, ordering and queueing, as commander hands it over: all text. */
export interface PlotFlags {
  readonly name?: string;
  readonly paper?: string;
  readonly margin?: string;
  readonly fit?: string;
  readonly rotate?: string;
  readonly scale?: string;
  readonly origin?: string;
  readonly join?: string;
  readonly optimize?: string;
  readonly preset?: string;
  readonly keepOrder?: boolean;
  readonly keepDoubles?: boolean;
  readonly pen?: string;
  readonly layers?: string;
  readonly jerk?: string;
  readonly priority?: string;
  readonly device?: string;
  readonly hold?: boolean;
}

/** The fields of the upload, under their wire names. @throws PlottyError `usage.invalid` naming the flag */
export function toQuery(flags: PlotFlags, fileName: string): Record<string, string> {
  const fields: Record<string, string | undefined> = {
    name: flags.name ?? fileName,
    paper: flags.paper,
    margin: number("--margin", flags.margin, 0),
    fit: oneOf("--fit", flags.fit, ["none", "page"]),
    rotate: oneOf("--rotate", flags.rotate, ["auto", "0", "90", "180", "270"]),
    scale: number("--scale", flags.scale, Number.MIN_VALUE),
    origin: point("--origin", flags.origin),
    join: number("--join", flags.join, 0),
    optimize: oneOf("--optimize", flags.optimize ?? flags.preset, ["fast", "balanced", "best"]),
    keep_order: flags.keepOrder ? "true" : undefined,
    keep_doubles: flags.keepDoubles ? "true" : undefined,
    pen: flags.pen,
    layers: oneOf("--layers", flags.layers, ["inkscape", "groups", "colors"]),
    jerk: number("--jerk", flags.jerk, 1),
    priority: number("--priority", flags.priority, -Infinity),
    device: flags.device,
    hold: flags.hold ? "true" : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

function number(flag: string, text: string | undefined, min: number): string | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= min) return String(value);
  const range = min > 0 && min < 1 ? " above 0" : min >= 0 ? `, ${min} or more` : "";
  throw new PlottyError("usage.invalid", `${flag} is a number${range}, not "${text}"`);
}

function oneOf(flag: string, text: string | undefined, words: readonly string[]): string | undefined {
  if (text === undefined || words.includes(text)) return text;
  throw new PlottyError("usage.invalid", `${flag} is ${words.join(", ")}, not "${text}"`);
}

function point(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parts = text.split(",");
  if (parts.length !== 2 || parts.some((part) => part.trim() === "" || !Number.isFinite(Number(part)))) {
    throw new PlottyError("usage.invalid", `${flag} is two numbers in mm such as 10,20, not "${text}"`);
  }
  return parts.map(Number).join(",");
}
