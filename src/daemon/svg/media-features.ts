import { NO_BASIS, parseLength } from "./length.ts";

type Compare = (actual: number, wanted: number) => boolean;

const COMPARE: Readonly<Record<string, Compare>> = {
  "<": (actual, wanted) => actual < wanted,
  "<=": (actual, wanted) => actual <= wanted,
  ">": (actual, wanted) => actual > wanted,
  ">=": (actual, wanted) => actual >= wanted,
  "=": (actual, wanted) => Math.abs(actual - wanted) < 1e-6,
};
const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

/** What a browser with a mouse on a common screen says of itself, where it is not a number. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  hover: ["hover"],
  "any-hover": ["hover"],
  pointer: ["fine"],
  "any-pointer": ["fine"],
  update: ["fast"],
  scripting: ["enabled"],
  "prefers-color-scheme": ["light"],
  "prefers-reduced-motion": ["no-preference"],
  "prefers-reduced-data": ["no-preference"],
  "prefers-reduced-transparency": ["no-preference"],
  "prefers-contrast": ["no-preference"],
  "forced-colors": ["none"],
  "inverted-colors": ["none"],
  "display-mode": ["browser"],
  "color-gamut": ["srgb"],
  "dynamic-range": ["standard"],
  "video-dynamic-range": ["standard"],
  "overflow-block": ["scroll"],
  "overflow-inline": ["scroll"],
  scan: ["progressive"],
};
/** Of these words, one that a feature has without a value counts as no. */
const NO_WORDS = new Set(["none", "no-preference"]);

/**
 * One feature of a media query in its brackets: `(min-width: 10cm)`, `(10cm < width <= 20cm)`, `(hover)`.
 *
 * @returns undefined when no browser would know it
 */
export function featureHolds(text: string, widthPx: number, heightPx: number): boolean | undefined {
  const inner = /^\((.*)\)$/s.exec(text)?.[1]?.trim();
  if (inner === undefined) return undefined;
  const numbers = numericFeatures(widthPx, heightPx);
  const range = /^(?:(.+?)\s*(<=?|>=?|=)\s*)?([a-z-]+)(?:\s*(<=?|>=?|=)\s*(.+))?$/s.exec(inner);
  if (range && (range[2] !== undefined || range[4] !== undefined)) {
    const actual = numbers[range[3]!];
    if (actual === undefined) return undefined;
    const sides = [
      range[2] === undefined ? true : compared(actual, MIRRORED[range[2]]!, range[1]!),
      range[4] === undefined ? true : compared(actual, range[4], range[5]!),
    ];
    return sides.includes(undefined) ? undefined : !sides.includes(false);
  }
  const [, name, value] = /^([a-z-]+)\s*(?::\s*(.+))?$/s.exec(inner) ?? [];
  if (name === undefined) return undefined;
  if (name === "orientation") return orientation(value, widthPx, heightPx);
  const words = WORDS[name];
  if (words) return value === undefined ? !NO_WORDS.has(words[0]!) : words.includes(value);
  const bound = /^(min|max)-(.*)$/.exec(name);
  const actual = numbers[bound?.[2] ?? name];
  if (actual === undefined || (bound && value === undefined)) return undefined;
  if (value === undefined) return actual !== 0;
  return compared(actual, bound === null ? "=" : bound[1] === "min" ? ">=" : "<=", value);
}

function orientation(value: string | undefined, widthPx: number, heightPx: number): boolean | undefined {
  if (value === undefined) return true;
  if (value !== "portrait" && value !== "landscape") return undefined;
  return (value === "portrait") === heightPx >= widthPx;
}

function numericFeatures(widthPx: number, heightPx: number): Readonly<Record<string, number>> {
  return {
    width: widthPx,
    height: heightPx,
    "aspect-ratio": widthPx / heightPx,
    resolution: 1,
    color: 8,
    "color-index": 0,
    monochrome: 0,
    grid: 0,
  };
}

function compared(actual: number, operator: string, wanted: string): boolean | undefined {
  const number = quantity(wanted.trim());
  return number === undefined ? undefined : COMPARE[operator]!(actual, number);
}

const PER_DPPX: Readonly<Record<string, number>> = { dppx: 1, x: 1, dpi: 96, dpcm: 96 / 2.54 };
/** A length in px, a ratio, a resolution in dots per px, or a plain number. */
function quantity(text: string): number | undefined {
  const ratio = /^([\d.]+)\s*\/\s*([\d.]+)$/.exec(text);
  if (ratio) return Number(ratio[1]) / Number(ratio[2]);
  const resolution = /^([\d.]+)(dppx|x|dpi|dpcm)$/.exec(text);
  if (resolution) return Number(resolution[1]) / PER_DPPX[resolution[2]!]!;
  return parseLength(text, "other", NO_BASIS);
}
