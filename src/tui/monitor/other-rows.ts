import type { DeviceView, Level, SystemAlert } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import { LEVELS } from "../client/vocabulary.ts";
import { penWord } from "../text/event-line.ts";
import { formatClock, formatPosition, oneLine } from "../text/format.ts";
import type { Theme } from "../text/theme.ts";
import { KEYMAP, type KeyRow, type Target } from "./keymap.ts";
import { fitTo, textWidth } from "./width.ts";

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

export function titleText(name: string, count: string, width: number, theme: Theme): string {
  const words = `${theme.glyphs.rule} ${name}${count && ` ${count}`} `;
  return theme.dim(words + theme.glyphs.rule.repeat(Math.max(0, width - textWidth(words))));
}

/** One machine in one line: status, paper, pen and place, then what is less often asked for. */
export function deviceRowText(device: DeviceView, width: number, theme: Theme): string {
  const { glyphs } = theme;
  const status = theme.device[device.status](`${glyphs.device[device.status]} ${fitTo(device.status, 12)}`);
  const paper = device.ready ? theme.good(fitTo("ready", 8)) : theme.level.warning(fitTo("no paper", 8));
  const idCells = Math.min(24, Math.max(8, width - 2 - 14 - 1 - 8 - 1));
  const head = `  ${fitTo(device.id, idCells, glyphs.ellipsis)} ${status} ${paper}`;
  const used = 2 + idCells + 1 + 14 + 1 + 8;
  const rest = device.reason
    ? oneLine(device.reason)
    : [
        `pen ${fitTo(penWord(device.pen_up), 7)}`,
        fitTo(formatPosition(device.position), 16),
        device.firmware_version ? `firmware ${device.firmware_version}` : "",
        device.motor_power === false ? "no motor power" : "",
        device.speed === 1 ? "" : `${device.speed}x`,
      ].join(" ");
  return head + theme.dim(fitTo(` ${rest}`.trimEnd(), width - used, glyphs.ellipsis));
}

export function alertRowText(alert: SystemAlert, width: number, theme: Theme): string {
  const { glyphs, level } = theme;
  const head = `  ${formatClock(alert.timestamp)} `;
  const mark = `${glyphs.level[alert.level]} ${fitTo(alert.level, 8)} `;
  return (
    theme.dim(head) +
    level[alert.level](mark) +
    fitTo(oneLine(alert.message), width - head.length - mark.length, glyphs.ellipsis)
  );
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
  const rows = KEYMAP.filter(({ inFooter }) => inFooter);
  const isTold = ({ action }: KeyRow) => action !== "help" && action !== "quit";
  const variants: { gap: string; wordOf: (row: KeyRow) => string }[] = [
    { gap: "  ", wordOf: (row) => ` ${row.word}` },
    { gap: " ", wordOf: (row) => (isTold(row) ? ` ${row.word}` : "") },
    { gap: " ", wordOf: () => "" },
  ];
  const lengthOf = ({ gap, wordOf }: (typeof variants)[number]) =>
    rows.map((row) => row.label + wordOf(row)).join(gap).length;
  const { gap, wordOf } = variants.find((variant) => lengthOf(variant) <= width) ?? variants[2]!;
  const texts = rows.map((row) =>
    row.available(target) ? theme.title(row.label) + wordOf(row) : theme.dim(row.label + wordOf(row)),
  );
  return texts.join(gap);
}

export function helpLines(target: Target, width: number, theme: Theme): string[] {
  return KEYMAP.map((row) => {
    const line = fitTo(
      `  ${fitTo(row.label, 5)} ${fitTo(row.word, 8)} ${row.tells}`,
      width,
      theme.glyphs.ellipsis,
    );
    return row.available(target) ? line : theme.dim(line);
  });
}
