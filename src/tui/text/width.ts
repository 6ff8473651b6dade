const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ASCII_ONLY = /^[\x20-\x7e]*$/;
const NO_WIDTH = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;

/** First and last code points that East Asian Width (UAX #11) calls wide or fullwidth, emoji apart. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** Cells a character takes on a terminal, with all its combining marks: 0, 1 or 2. */
export function graphemeWidth(grapheme: string): number {
  if (ASCII_ONLY.test(grapheme)) return grapheme.length;
  if (NO_WIDTH.test(grapheme)) return 0;
  const codePoint = grapheme.codePointAt(0)!;
  const isWide = WIDE.some(([first, last]) => codePoint >= first && codePoint <= last);
  return isWide || EMOJI.test(grapheme) ? 2 : 1;
}

/** The characters of a text as a person counts them. */
export function graphemes(text: string): Iterable<string> {
  if (ASCII_ONLY.test(text)) return text;
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Cells a text takes. It holds no escape sequences. */
export function textWidth(text: string): number {
  if (ASCII_ONLY.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The text in exactly `width` cells: filled with spaces, or cut with `ellipsis` at its end. */
export function fitTo(text: string, width: number, ellipsis = "…"): string {
  if (width <= 0) return "";
  const taken = textWidth(text);
  if (taken <= width) return text + " ".repeat(width - taken);
  return cut(text, width, ellipsis);
}

function cut(text: string, width: number, ellipsis: string): string {
  const room = width - textWidth(ellipsis);
  if (room < 0) return " ".repeat(width);
  let kept = "";
  let taken = 0;
  for (const grapheme of graphemes(text)) {
    const next = graphemeWidth(grapheme);
    if (taken + next > room) break;
    kept += grapheme;
    taken += next;
  }
  return kept + ellipsis + " ".repeat(room - taken);
}
