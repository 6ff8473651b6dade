import type { Rgb } from "./pixel-canvas.ts";

/** The names of HTML 4; a pen may be called after a colour. */
const NAMES: Readonly<Record<string, string>> = {
  black: "#000000",
  silver: "#c0c0c0",
  gray: "#808080",
  grey: "#808080",
  white: "#ffffff",
  maroon: "#800000",
  red: "#ff0000",
  purple: "#800080",
  fuchsia: "#ff00ff",
  green: "#008000",
  lime: "#00ff00",
  olive: "#808000",
  yellow: "#ffff00",
  navy: "#000080",
  blue: "#0000ff",
  teal: "#008080",
  aqua: "#00ffff",
  orange: "#ffa500",
};

/** A pen's colour: `#rgb`, `#rrggbb` or a basic name. Ink of another description is shown black. */
export function parseColor(text: string): Rgb {
  const color = NAMES[text.trim().toLowerCase()] ?? text.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(color);
  const digits = short
    ? short.slice(1).map((digit) => digit + digit)
    : /^#(..)(..)(..)$/.exec(color)?.slice(1);
  const values = (digits ?? ["00", "00", "00"]).map((pair) => Number.parseInt(pair, 16) || 0);
  return [values[0]!, values[1]!, values[2]!];
}

/** From blue for the first stroke over violet and red to orange for the last. @param share 0…1 */
export function orderColor(share: number): Rgb {
  const stops: readonly Rgb[] = [
    [20, 60, 220],
    [150, 30, 190],
    [220, 30, 60],
    [240, 150, 0],
  ];
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const at = Math.min(stops.length - 2, Math.floor(place));
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(stops[at]![channel] + (stops[at + 1]![channel] - stops[at]![channel]) * (place - at));
  return [mix(0), mix(1), mix(2)];
}
