import type { Theme } from "../../text/theme.ts";
import { parseRow } from "../cells.ts";

/** How the drawing looks: colours of the theme as cell styles, and characters for what is not dots. */
export interface Palette {
  readonly isAscii: boolean;
  readonly inkStyle: string;
  readonly comingStyle: string;
  readonly travelStyle: string;
  readonly penStyle: string;
  readonly penUp: string;
  readonly penDown: string;
  asciiCell(ink: number, coming: number, travel: number): [string, string];
}

export function paletteOf(theme: Theme): Palette {
  const styleOf = (paint: (text: string) => string) => parseRow(paint("x")).styles[0]!;
  const isAscii = theme.glyphs.parts.length === 0;
  const inkStyle = styleOf(theme.good);
  const comingStyle = styleOf(theme.dim);
  const travelStyle = styleOf(theme.level.info);
  return {
    isAscii,
    inkStyle,
    comingStyle,
    travelStyle,
    penStyle: styleOf(theme.level.warning),
    penUp: isAscii ? "o" : "○",
    penDown: isAscii ? "@" : "●",
    asciiCell: (ink, coming, travel) => {
      if (ink) return ["#", inkStyle];
      if (coming) return [".", comingStyle];
      return travel ? ["-", travelStyle] : [" ", ""];
    },
  };
}
