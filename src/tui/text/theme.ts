import { Chalk, type ChalkInstance } from "chalk";
import type { JobStateName } from "../../shared/job-states.ts";
import type { DeviceStatus, Level } from "../../shared/ws-messages.ts";

type Paint = (text: string) => string;

/** Colours by meaning, from the terminal's own 16, and a glyph beside each, so that the screen reads without colour. */
export interface Theme {
  readonly job: Readonly<Record<JobStateName, Paint>>;
  readonly device: Readonly<Record<DeviceStatus["status"], Paint>>;
  readonly level: Readonly<Record<Level, Paint>>;
  readonly title: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly selected: Paint;
  readonly glyphs: Glyphs;
}

export interface Glyphs {
  readonly job: Readonly<Record<JobStateName, string>>;
  readonly device: Readonly<Record<DeviceStatus["status"], string>>;
  readonly level: Readonly<Record<Level, string>>;
  readonly full: string;
  readonly rest: string;
  /** Eighths of a cell, thinnest first; empty where only whole cells can be drawn. */
  readonly parts: readonly string[];
  /** Heights of a column of one cell, nothing first. */
  readonly spark: readonly string[];
  readonly rule: string;
  readonly cursor: string;
  readonly ellipsis: string;
  readonly arrow: string;
}

/** @param color false: no escape sequence at all @param unicode false: ASCII only */
export function createTheme(color: boolean, unicode: boolean): Theme {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return { ...paints(chalk), glyphs: unicode ? UNICODE : ASCII };
}

/** `--no-color`, `NO_COLOR` and `TERM=dumb` win; else colour is for terminals, or for whoever says FORCE_COLOR. */
export function wantsColor(
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv,
  flag: boolean | undefined,
): boolean {
  if (flag === false || (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb") return false;
  return stream.isTTY === true || !["", "0", undefined].includes(env.FORCE_COLOR);
}

/** Whether the locale can show more than ASCII. */
export function wantsUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return locale === "" || /utf-?8/i.test(locale);
}

function paints(chalk: ChalkInstance): Omit<Theme, "glyphs"> {
  return {
    job: {
      NEW: chalk.dim,
      PLANNING: chalk.cyan,
      QUEUED: chalk.blue,
      RUNNING: chalk.green,
      PAUSED: chalk.yellow,
      COMPLETED: chalk.green,
      FAILED: chalk.red,
      CANCELLED: chalk.dim,
    },
    device: {
      connected: chalk.green,
      busy: chalk.cyan,
      paused: chalk.yellow,
      disconnected: chalk.dim,
      error: chalk.red,
      maintenance: chalk.magenta,
    },
    level: { info: chalk.blue, warning: chalk.yellow, error: chalk.red, critical: chalk.bold.red },
    title: chalk.bold,
    dim: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    selected: chalk.inverse,
  };
}

const UNICODE: Glyphs = {
  job: {
    NEW: "·",
    PLANNING: "~",
    QUEUED: "○",
    RUNNING: "▶",
    PAUSED: "‖",
    COMPLETED: "✓",
    FAILED: "✗",
    CANCELLED: "×",
  },
  device: { connected: "●", busy: "▶", paused: "‖", disconnected: "○", error: "✗", maintenance: "■" },
  level: { info: "i", warning: "!", error: "✗", critical: "‼" },
  full: "█",
  rest: "░",
  parts: ["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
  spark: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  rule: "─",
  cursor: ">",
  ellipsis: "…",
  arrow: "→",
};

const ASCII: Glyphs = {
  job: {
    NEW: ".",
    PLANNING: "~",
    QUEUED: "o",
    RUNNING: ">",
    PAUSED: "=",
    COMPLETED: "+",
    FAILED: "x",
    CANCELLED: "-",
  },
  device: { connected: "*", busy: ">", paused: "=", disconnected: "o", error: "x", maintenance: "#" },
  level: { info: "i", warning: "!", error: "x", critical: "X" },
  full: "#",
  rest: ".",
  parts: [],
  spark: [" ", ".", ":", "-", "=", "+", "*", "#"],
  rule: "-",
  cursor: ">",
  ellipsis: "...",
  arrow: "->",
};
