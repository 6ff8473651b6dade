import { PlottyError } from "../../shared/errors.ts";
import type { Channel, Level } from "../../shared/ws-messages.ts";
import { CHANNELS, LEVELS } from "../client/vocabulary.ts";
import type { Session } from "../session.ts";
import { type Format, parseFormat } from "../text/show.ts";
import type { CommonOptions } from "./context.ts";

/** The options of `plotty monitor` as commander hands them over. */
export interface MonitorFlags extends CommonOptions {
  readonly format?: string;
  readonly follow?: boolean;
  readonly stats?: boolean;
  readonly interval: string;
  readonly channels: string;
  readonly jobId?: string;
  readonly level?: string;
  readonly until?: string;
  readonly timeout?: string;
  readonly readOnly?: boolean;
  readonly plain?: boolean;
}

export type Until = "completed" | "failed" | "done";

/** … and as the ways of watching read them. */
export interface Watch extends CommonOptions {
  readonly format: Format;
  readonly intervalMs: number;
  readonly channels: readonly Channel[];
  readonly jobId: string | undefined;
  readonly level: Level | undefined;
  readonly until: Until | undefined;
  readonly timeoutMs: number | undefined;
  /** Keys and commands change nothing. */
  readonly isReadOnly: boolean;
}

/** `plotty monitor`: one of four ways of watching, by flags and by what stdout is. */
export async function monitor(session: Session, flags: MonitorFlags): Promise<number> {
  const watch = readFlags(flags);
  if (flags.stats) return (await import("../monitor/stats.ts")).watchStats(session, watch);
  if (flags.follow || watch.until || watch.timeoutMs !== undefined) {
    const wantsScreen = flags.format === undefined && !flags.plain && isScreen(session);
    if (!wantsScreen) return (await import("../monitor/follow.ts")).follow(session, watch);
  } else if (flags.format !== undefined || !session.stdout.isTTY) {
    return (await import("../monitor/once.ts")).showOnce(session, watch);
  } else if (flags.plain || !isScreen(session))
    return (await import("../monitor/follow.ts")).follow(session, watch);
  return (await import("../monitor/screen.ts")).showScreen(session, watch);
}

/** A screen needs a terminal that can move its cursor, for the picture and for the keys. */
function isScreen(session: Session): boolean {
  return session.stdout.isTTY === true && session.stdin.isTTY === true && session.env.TERM !== "dumb";
}

function readFlags(flags: MonitorFlags): Watch {
  return {
    url: flags.url,
    apiKey: flags.apiKey,
    color: flags.color,
    format: parseFormat(flags.format ?? "text"),
    intervalMs: seconds("--interval", flags.interval) * 1000,
    channels: readChannels(flags.channels),
    jobId: flags.jobId,
    level: flags.level === undefined ? undefined : readLevel(flags.level.toLowerCase()),
    until: flags.until === undefined ? undefined : readUntil(flags.until.toLowerCase()),
    isReadOnly: flags.readOnly === true,
    timeoutMs: flags.timeout === undefined ? undefined : seconds("--timeout", flags.timeout) * 1000,
  };
}

function readChannels(text: string): readonly Channel[] {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  if (names.includes("all")) return CHANNELS;
  const channels = names.map((name) => {
    const channel = CHANNELS.find((known) => known === name || (known === "device" && name === "devices"));
    if (channel) return channel;
    throw new PlottyError(
      "usage.invalid",
      `there is no channel "${name}": --channels takes ${CHANNELS.join(",")}`,
    );
  });
  return [...new Set(channels)];
}

function readLevel(text: string): Level {
  const level = LEVELS.find((known) => known === text);
  if (level) return level;
  throw new PlottyError("usage.invalid", `--level is ${LEVELS.join(", ")}, not "${text}"`);
}

function readUntil(text: string): Until {
  if (text === "completed" || text === "failed" || text === "done") return text;
  throw new PlottyError("usage.invalid", `--until is completed, failed or done, not "${text}"`);
}

function seconds(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new PlottyError("usage.invalid", `${flag} is a number of seconds above 0, not "${text}"`);
}
