import { splitTopLevel, withoutComments } from "./css-words.ts";
import { isCssLength } from "./length.ts";
import { isColor, isPaint } from "./paint.ts";

/** One `property: value` of a style sheet or a `style` attribute. */
export interface Declaration {
  readonly property: string;
  readonly value: string;
  readonly important: boolean;
}

const LENGTHS = new Set([
  "cx",
  "cy",
  "r",
  "rx",
  "ry",
  "x",
  "y",
  "width",
  "height",
  "font-size",
  "letter-spacing",
]);

/** Presentation attributes that change what is drawn. The geometry ones are read from the cascade by the shapes. */
export const PRESENTATION: ReadonlySet<string> = new Set([
  "fill",
  "stroke",
  "color",
  "display",
  "visibility",
  "stroke-linecap",
  "font-size",
  "text-anchor",
  "letter-spacing",
  "dominant-baseline",
  "transform-origin",
]);

const CSS_ONLY = new Set(["transform", "transform-box", "translate", "rotate", "scale", "d", "font"]);
/** What `all` resets. */
export const KNOWN_PROPERTIES: readonly string[] = [...PRESENTATION, ...LENGTHS, ...CSS_ONLY];
const NOT_NEGATIVE = new Set(["r", "rx", "ry", "width", "height", "font-size"]);
const SIZE_KEYWORD = /^(?:auto|normal|(?:-webkit-)?(?:min|max|fit)-content|stretch|-webkit-fill-available)$/i;
const SYSTEM_FONT = /^(?:caption|icon|menu|message-box|small-caption|status-bar)$/i;
/** Of these, browsers take bare numbers in CSS too. */
const UNITLESS = new Set(["cx", "cy", "r", "rx", "ry", "x", "y"]);
/** Of the outermost `svg`, as a box on its page. */
const BOX = new Set(["position", "left", "top", "right", "bottom", "margin", "margin-left", "margin-top"]);
const BARE_NUMBER = /^[+-]?(?:\d*\.\d+|\d+)(?:e[+-]?\d+)?$/i;
const GLOBAL_KEYWORD = /^(?:inherit|initial|unset|revert|revert-layer)$/i;

export function matters(property: string): boolean {
  return (
    PRESENTATION.has(property) ||
    LENGTHS.has(property) ||
    CSS_ONLY.has(property) ||
    BOX.has(property) ||
    property === "all" ||
    property.startsWith("--")
  );
}

/**
 * Whether a browser would take this value; one that it would not take leaves the property as it was.
 *
 * @param inCss lengths of CSS need their unit, those of attributes do not
 */
export function isValid(property: string, value: string, inCss: boolean): boolean {
  if (property.startsWith("--") || GLOBAL_KEYWORD.test(value) || value.includes("var(")) return true;
  if (property === "all") return false;
  if (property === "fill" || property === "stroke") return isPaint(value);
  if (inCss && NOT_NEGATIVE.has(property) && /^-[\d.]*[1-9]/.test(value)) return false;
  if (BOX.has(property))
    return splitTopLevel(value, " ").every((word) => isCssLength(word) || /^[a-z-]+$/i.test(word));
  if (property === "color") return isColor(value);
  if (property === "visibility") return /^(?:visible|hidden|collapse)$/i.test(value);
  if (property === "display") return /^[a-z-]+(?:\s+[a-z-]+){0,2}$/i.test(value) && isDisplay(value);
  if (property === "stroke-linecap") return /^(?:butt|round|square)$/i.test(value);
  if (property === "dominant-baseline") return /^[a-z-]+$/i.test(value);
  if (property === "text-anchor") return /^(?:start|middle|end)$/i.test(value);
  if (property === "font-size") return !inCss || isCssLength(value) || /^[a-z-]+$/i.test(value);
  if (property === "font") return SYSTEM_FONT.test(value) || fontShorthandSize(value) !== undefined;
  if (property === "d") return !inCss || /^(?:none|path\(\s*["'].*\))$/is.test(value);
  if (!inCss || !LENGTHS.has(property)) return true;
  if (UNITLESS.has(property) && BARE_NUMBER.test(value)) return true;
  return isCssLength(value) || SIZE_KEYWORD.test(value);
}

const FONT_SIZE =
  /(?:^|\s)((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:%|[a-z]+)|0|calc\(.*?\)|xx-small|x-small|small|medium|large|x-large|xx-large|xxx-large|smaller|larger)\s*(?:\/\s*\S+\s+|\s)\s*["'\w-]/i;

/** The size in a `font` shorthand: it stands right before the families. */
export function fontShorthandSize(value: string): string | undefined {
  return FONT_SIZE.exec(value)?.[1];
}

const DISPLAYS = new Set(
  (
    "none inline block contents flow flow-root table flex grid ruby list-item inline-block inline-table inline-flex inline-grid " +
    "run-in table-row-group table-header-group table-footer-group table-row table-cell table-column-group table-column " +
    "table-caption ruby-base ruby-text math -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex"
  ).split(" "),
);

function isDisplay(value: string): boolean {
  return value
    .toLowerCase()
    .split(/\s+/)
    .every((word) => DISPLAYS.has(word));
}

const cache = new Map<string, readonly Declaration[]>();
const MAX_CACHED = 2000;

/** The declarations of a `style` attribute, or of the inside of a rule, that matter and are valid. */
export function parseDeclarations(text: string): readonly Declaration[] {
  const known = cache.get(text);
  if (known) return known;
  const list: Declaration[] = [];
  for (const part of splitDeclarations(text)) {
    const colon = part.indexOf(":");
    if (colon < 0) continue;
    const declaration = makeDeclaration(part.slice(0, colon), part.slice(colon + 1));
    if (declaration) list.push(declaration);
  }
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(text, list);
  return list;
}

/** @returns undefined when it does not matter to a plotter or is not valid */
export function makeDeclaration(
  name: string,
  rawValue: string,
  isImportant = false,
): Declaration | undefined {
  const trimmed = name.trim();
  const property = trimmed.startsWith("--") ? trimmed : trimmed.toLowerCase();
  const plain = withoutComments(rawValue);
  const bang = /\s*!\s*important\s*$/i.exec(plain);
  const value = unescapeCss((bang ? plain.slice(0, bang.index) : plain).trim());
  if (!matters(property) || !isValid(property, value, true)) return undefined;
  return { property, value, important: isImportant || bang !== null };
}

/** `\\72 ed` is `red`. */
export function unescapeCss(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:([0-9a-f]{1,6})\s?|([^\n]))/gi,
    (_, hex: string | undefined, character: string) => {
      if (hex === undefined) return character;
      const code = Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}

/** Splits at the semicolons that are not inside quotes or brackets; comments fall away. */
function splitDeclarations(text: string): string[] {
  const plain = withoutComments(text);
  if (!/["'([{]/.test(plain)) return plain.split(";");
  return (
    plain.match(
      /(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:"[^"]*"|'[^']*'|[^()"']|\([^()]*\))*\)|[^;])+/g,
    ) ?? []
  );
}
