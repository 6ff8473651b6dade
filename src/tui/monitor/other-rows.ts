import type { DeviceView, Level, SystemAlert } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import { LEVELS } from "../client/vocabulary.ts";
import { penWord } from "../text/event-line.ts";
import { formatClock, formatLength, formatPosition, oneLine } from "../text/format.ts";
import type { Theme } from "../text/theme.ts";
import { fitTo, textWidth } from "../text/width.ts";
import { KEYMAP, type KeyRow, type Target } from "./keymap.ts";

/** The daemon, the link to it and the time, in one line. */
export function headerText(mirror: Mirror, url: string, nowMs: number, width: number, theme: Theme): string {
  const clock = formatClock(nowMs);
  const link = linkWords(mirror, theme);
  const { system } = mirror;
  const daemon = system ? ` ${system.daemon_version}  ${system.status}` : "";
  const place = width >= 70 ? `  ${url}` : "";
  const room = width - textWidth(link.text) - clock.length - 3;
  const name = fitTo(`plotty${daemon}${place}`, room, theme.glyphs.ellipsis);
  return `${theme.title(name)} ${link.paint(link.text)}  ${theme.dim(clock)}`;
}

function linkWords(mirror: Mirror, theme: Theme): { text: string; paint: (text: string) => string } {
  const { link, staleSinceMs } = mirror;
  if (staleSinceMs !== null) return { text: `stale since ${formatClock(staleSinceMs)}`, paint: theme.bad };
  if (link.state === "live") return { text: "live", paint: theme.good };
  return { text: "connecting", paint: theme.dim };
}

/** A rule with a pane's name in it; the pane that the keys are for has it marked. */
export function titleText(
  name: string,
  count: string,
  width: number,
  theme: Theme,
  hasFocus = false,
): string {
  const { rule, cursor, ellipsis } = theme.glyphs;
  const words = fitTo(
    `${hasFocus ? cursor : rule} ${name}${count && ` ${count}`} `,
    width,
    ellipsis,
  ).trimEnd();
  const rest = theme.dim(` ${rule.repeat(Math.max(0, width - textWidth(words) - 1))}`);
  return (hasFocus ? theme.title(words) : theme.dim(words)) + (textWidth(words) < width ? rest : "");
}

/**
 * One machine in one line: status, paper, pen and place, then what is less often asked for.
 *
 * @param idWidth cells of the longest id among the machines
 */
export function deviceRowText(
  device: DeviceView,
  isSelected: boolean,
  width: number,
  idWidth: number,
  theme: Theme,
): string {
  const { glyphs } = theme;
  const status = theme.device[device.status](`${glyphs.device[device.status]} ${fitTo(device.status, 12)}`);
  const paper = device.ready ? theme.good(fitTo("ready", 8)) : theme.level.warning(fitTo("no paper", 8));
  const idCells = Math.min(idWidth, 24, Math.max(8, width - 2 - 14 - 1 - 8 - 1));
  const head = `${isSelected ? glyphs.cursor : " "} ${fitTo(device.id, idCells, glyphs.ellipsis)} ${status} ${paper}`;
  const used = 2 + idCells + 1 + 14 + 1 + 8;
  const rest = device.reason
    ? oneLine(device.reason)
    : [
        `pen ${fitTo(device.pen_up === null ? "?" : penWord(device.pen_up), 4)}`,
        fitTo(formatPosition(device.position), 14),
        device.inked_today_mm === 0 ? "" : `today ${formatLength(device.inked_today_mm)}`,
        device.firmware_version ? `firmware ${device.firmware_version}` : "",
        device.motor_power === false ? "no motor power" : "",
        device.speed === 1 ? "" : `${device.speed}x`,
      ]
        .filter(Boolean)
        .join(" ");
  return head + theme.dim(fitTo(` ${rest}`.trimEnd(), width - used, glyphs.ellipsis));
}

/** An alert in one line; one that has been seen is marked and faint. */
export function alertRowText(
  alert: SystemAlert,
  { isSelected, isSeen }: { isSelected: boolean; isSeen: boolean },
  width: number,
  theme: Theme,
): string {
  const { glyphs, level } = theme;
  const head = `${isSelected ? glyphs.cursor : " "} ${formatClock(alert.timestamp)} `;
  const glyph = isSeen ? glyphs.job.COMPLETED : glyphs.level[alert.level];
  const mark = `${glyph} ${fitTo(alert.level, 8)} `;
  const words = fitTo(oneLine(alert.message), width - textWidth(head) - textWidth(mark), glyphs.ellipsis);
  return isSeen ? theme.dim(head + mark + words) : theme.dim(head) + level[alert.level](mark) + words;
}

export function alertsOfInterest(
  alerts: readonly SystemAlert[],
  jobId: string | undefined,
  level: Level | undefined,
): readonly SystemAlert[] {
  const least = LEVELS.indexOf(level ?? "info");
  return alerts.filter(
    (alert) => (jobId === undefined || alert.job_id === jobId) && LEVELS.indexOf(alert.level) >= least,
  );
}

/** The keys that matter now, with as many words as there is room for; what the daemon would refuse is dimmed. */
export function footerText(target: Target, width: number, theme: Theme): string {
  const every = KEYMAP.filter(({ inFooter }) => inFooter !== "never");
  const short = every.filter(({ inFooter }) => inFooter === "always");
  const isTold = ({ action }: KeyRow) => action !== "help" && action !== "quit";
  const withWord = (row: KeyRow) => ` ${row.word}`;
  const variants: { rows: readonly KeyRow[]; gap: string; wordOf: (row: KeyRow) => string }[] = [
    { rows: every, gap: "  ", wordOf: withWord },
    { rows: every, gap: " ", wordOf: withWord },
    { rows: short, gap: "  ", wordOf: withWord },
    { rows: short, gap: " ", wordOf: (row) => (isTold(row) ? ` ${row.word}` : "") },
    { rows: short, gap: " ", wordOf: () => "" },
  ];
  const lengthOf = ({ rows, gap, wordOf }: (typeof variants)[number]) =>
    textWidth(rows.map((row) => row.label + wordOf(row)).join(gap));
  const { rows, gap, wordOf } = variants.find((variant) => lengthOf(variant) <= width) ?? variants.at(-1)!;
  const texts = rows.map((row) =>
    row.available(target) ? theme.title(row.label) + wordOf(row) : theme.dim(row.label + wordOf(row)),
  );
  return texts.join(gap);
}
