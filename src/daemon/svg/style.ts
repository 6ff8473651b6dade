import {
  type Declaration,
  fontShorthandSize,
  isValid,
  KNOWN_PROPERTIES,
  PRESENTATION,
  parseDeclarations,
} from "./declarations.ts";
import { BASELINES } from "./glyphs.ts";
import { type LengthBasis, parseLength } from "./length.ts";
import type { Stylesheet } from "./stylesheet.ts";
import type { SvgNode } from "./tree.ts";

/** The inherited properties that matter to a plotter, computed. */
export interface Style {
  readonly fill: string;
  readonly stroke: string;
  readonly color: string;
  readonly visible: boolean;
  readonly fontSize: number;
  readonly linecap: string;
  readonly textAnchor: string;
  readonly letterSpacing: number;
  /** Which line of the letters stands where the text says, em above their foot. */
  readonly baselineEm: number;
  /** Custom properties (`--name`), for `var()`. */
  readonly custom: ReadonlyMap<string, string>;
}

export const INITIAL_STYLE: Style = {
  fill: "black",
  stroke: "none",
  color: "black",
  visible: true,
  fontSize: 16,
  linecap: "butt",
  textAnchor: "start",
  letterSpacing: 0,
  baselineEm: 0,
  custom: new Map(),
};

/** What the cascade says of one element: the winning declaration of each property, before inheritance. */
export type Cascaded = Map<string, string>;

/** Attributes that CSS knows as properties on the elements that have them. */
const GEOMETRY: ReadonlySet<string> = new Set([
  "cx",
  "cy",
  "r",
  "rx",
  "ry",
  "x",
  "y",
  "width",
  "height",
  "d",
]);

/**
 * Presentation attributes, then the rules of style sheets by their weight, then the `style` attribute; then once more
 * what is `!important`.
 */
export function cascade(node: SvgNode, sheet: Stylesheet, into: Cascaded): Cascaded {
  into.clear();
  const { attributes } = node;
  let inline: readonly Declaration[] = [];
  for (let i = 0; i < attributes.length; i += 2) {
    const name = attributes[i]!;
    const value = attributes[i + 1]!;
    if (GEOMETRY.has(name)) into.set(name, isAutoRadius(name, value) ? "0" : value);
    else if (name === "style") inline = parseDeclarations(value);
    else if (PRESENTATION.has(name) && isValid(name, value.trim(), false)) into.set(name, value.trim());
  }
  const rules = sheet.declarationsFor(node);
  apply(rules, false, into);
  apply(inline, false, into);
  apply(rules, true, into);
  apply(inline, true, into);
  return into;
}

/** Browsers know `auto` in CSS only. */
function isAutoRadius(name: string, value: string): boolean {
  return (name === "rx" || name === "ry") && value.trim() === "auto";
}

function apply(declarations: readonly Declaration[], important: boolean, into: Cascaded): void {
  for (const declaration of declarations) {
    if (declaration.important === important) set(declaration, into);
  }
}

function set({ property, value }: Declaration, into: Cascaded): void {
  if (property === "all") for (const each of KNOWN_PROPERTIES) into.set(each, value);
  // A shorthand sets what came before it anew.
  if (property === "font") into.delete("font-size");
  if (property !== "all") into.set(property, value);
}

/** The style of an element within `parent`; the parent's own object when nothing differs. */
export function computeStyle(cascaded: Cascaded, parent: Style, basis: LengthBasis): Style {
  const custom = customProperties(cascaded, parent.custom);
  substituteVariables(cascaded, custom);
  if (!INHERITED.some((property) => cascaded.has(property)) && custom === parent.custom) return parent;
  const color = keyword(cascaded.get("color"), parent.color, INITIAL_STYLE.color);
  return {
    fill: keyword(cascaded.get("fill"), parent.fill, INITIAL_STYLE.fill),
    stroke: keyword(cascaded.get("stroke"), parent.stroke, INITIAL_STYLE.stroke),
    color: /^currentcolor$/i.test(color) ? parent.color : color,
    visible: /^visible$/i.test(
      keyword(cascaded.get("visibility"), parent.visible ? "visible" : "hidden", "visible"),
    ),
    fontSize: fontSize(cascaded, parent, basis),
    linecap: keyword(cascaded.get("stroke-linecap"), parent.linecap, "butt").toLowerCase(),
    textAnchor: keyword(cascaded.get("text-anchor"), parent.textAnchor, "start").toLowerCase(),
    letterSpacing: letterSpacing(cascaded, parent, basis),
    baselineEm: baseline(cascaded, parent),
    custom,
  };
}

const INHERITED = [
  "fill",
  "stroke",
  "color",
  "visibility",
  "font-size",
  "font",
  "stroke-linecap",
  "text-anchor",
  "letter-spacing",
  "dominant-baseline",
];

function keyword(value: string | undefined, inherited: string, initial: string): string {
  if (value === undefined) return inherited;
  switch (value.length <= 12 ? value.toLowerCase() : "") {
    case "inherit":
    case "unset":
    case "revert":
    case "revert-layer":
      return inherited;
    case "initial":
      return initial;
    default:
      return value;
  }
}

const FONT_SIZES: Readonly<Record<string, number>> = {
  "xx-small": 9,
  "x-small": 10,
  small: 13,
  medium: 16,
  large: 18,
  "x-large": 24,
  "xx-large": 32,
  "xxx-large": 48,
  // The system fonts of the shorthand.
  caption: 16,
  icon: 16,
  menu: 16,
  "message-box": 16,
  "small-caption": 16,
  "status-bar": 16,
};

function fontSize(cascaded: Cascaded, parent: Style, basis: LengthBasis): number {
  const font = cascaded.get("font");
  const size =
    cascaded.get("font-size") ?? (font === undefined ? undefined : (fontShorthandSize(font) ?? font));
  const value = keyword(size, "", "medium").toLowerCase();
  if (value === "") return parent.fontSize;
  if (value === "larger") return parent.fontSize * 1.2;
  if (value === "smaller") return parent.fontSize / 1.2;
  const ofParent: LengthBasis = { ...basis, fontSize: parent.fontSize };
  if (value.endsWith("%")) return (Number.parseFloat(value) / 100) * parent.fontSize;
  const sizePx = FONT_SIZES[value] ?? parseLength(value, "other", ofParent);
  return sizePx === undefined || sizePx < 0 ? parent.fontSize : sizePx;
}

function letterSpacing(cascaded: Cascaded, parent: Style, basis: LengthBasis): number {
  const value = keyword(cascaded.get("letter-spacing"), "", "normal").toLowerCase();
  if (value === "") return parent.letterSpacing;
  return parseLength(value, "other", basis) ?? 0;
}

function baseline(cascaded: Cascaded, parent: Style): number {
  const value = keyword(cascaded.get("dominant-baseline"), "", "auto").toLowerCase();
  return value === "" ? parent.baselineEm : (BASELINES[value] ?? 0);
}

function customProperties(
  cascaded: Cascaded,
  inherited: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  let own: Map<string, string> | undefined;
  for (const [property, value] of cascaded) {
    if (!property.startsWith("--")) continue;
    own ??= new Map(inherited);
    own.set(property, value);
  }
  return own ?? inherited;
}

const VARIABLE = /var\(\s*(--[^\s,)]+)\s*(?:,\s*((?:[^()]|\([^()]*\))*))?\)/;

function substituteVariables(cascaded: Cascaded, custom: ReadonlyMap<string, string>): void {
  for (const [property, value] of cascaded) {
    if (property.startsWith("--") || !value.includes("var(")) continue;
    const text = resolveVariables(value, custom);
    // What cannot be resolved, or is then no value, counts as not set.
    if (text !== undefined && isValid(property, text, true)) cascaded.set(property, text);
    else cascaded.set(property, "unset");
  }
}

function resolveVariables(value: string, custom: ReadonlyMap<string, string>): string | undefined {
  let text = value;
  // References may lead to references; a circle of them never ends by itself.
  for (let round = 0; round < 16; round++) {
    const match = VARIABLE.exec(text);
    if (!match) return text.trim();
    const own = custom.get(match[1]!);
    const replacement = own === undefined || /^initial$/i.test(own) ? match[2] : own;
    if (replacement === undefined || text.length > 10_000) return undefined;
    text = text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
  }
  return undefined;
}
