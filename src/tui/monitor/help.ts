import type { Theme } from "../text/theme.ts";
import { fitTo } from "../text/width.ts";
import { type Action, KEYMAP, type Target } from "./keymap.ts";
import type { Size } from "./layout.ts";

/** The title above the help, and the line below it. */
const FRAME_ROWS = 2;
const TWO_COLUMNS_FROM = 76;

/** The whole screen of help: every key, in two columns where one would not hold them, and from `from` on where both do not. */
export function helpScreen(from: number, target: Target, { columns, rows }: Size, theme: Theme): string[] {
  const lines = helpLines(target, columns, rows - FRAME_ROWS, theme);
  const shown = lines.slice(from, from + Math.max(0, rows - FRAME_ROWS));
  const end = lines.length > shown.length ? "j and k scroll, any other key goes back" : "any key goes back";
  return [theme.title(fitTo("plotty monitor: keys", columns)), ...shown, theme.dim(fitTo(end, columns))];
}

/** Where the help begins after a key; nothing when the key leaves it. @param size of the terminal */
export function helpAfter(
  action: Action | undefined,
  from: number,
  { columns, rows }: Size,
): number | undefined {
  const high = Math.ceil(KEYMAP.length / columnsOfKeys(columns, rows - FRAME_ROWS));
  const most = high - (rows - FRAME_ROWS);
  if (most <= 0) return undefined;
  if (action === "down") return Math.min(most, from + 1);
  return action === "up" ? Math.max(0, from - 1) : undefined;
}

function columnsOfKeys(width: number, rows: number): 1 | 2 {
  return KEYMAP.length > rows && width >= TWO_COLUMNS_FROM ? 2 : 1;
}

function helpLines(target: Target, width: number, rows: number, theme: Theme): string[] {
  const columns = columnsOfKeys(width, rows);
  const cells = Math.floor(width / columns);
  const texts = KEYMAP.map((row) => {
    const word = columns === 1 ? `${fitTo(row.word, 8)} ` : "";
    const text = `  ${fitTo(row.label, 7)} ${word}${row.tells}`;
    const line = fitTo(text, cells, theme.glyphs.ellipsis);
    return row.available(target) ? line : theme.dim(line);
  });
  const high = Math.ceil(texts.length / columns);
  return texts.slice(0, high).map((text, i) => text + (columns === 2 ? (texts[i + high] ?? "") : ""));
}
