import { createRequire } from "node:module";
import type { Atrule, Block, CssNode, parse as Parse, Rule, SelectorList } from "css-tree";
import { PlottyError } from "../../shared/errors.ts";
import { cssStatements } from "./css-statements.ts";
import { withoutComments } from "./css-words.ts";
import { type Declaration, isValid, makeDeclaration, matters } from "./declarations.ts";
import { conditionHolds, mediaHolds } from "./media.ts";
import type { Notes } from "./notes.ts";
import { type CompiledSelector, SelectorCompiler } from "./selectors.ts";
import { attribute, type SvgNode, textContent } from "./tree.ts";

/** All style sheets of a drawing, in one. */
export interface Stylesheet {
  /** Of all rules that match, the weightiest last. */
  declarationsFor(node: SvgNode): readonly Declaration[];
}

export const NO_STYLES: Stylesheet = { declarationsFor: () => [] };

/** Reads the `style` elements of a drawing. Nothing outside the file is fetched: an `@import` is a note. */
export function readStylesheets(root: SvgNode, notes: Notes, widthPx = 0, heightPx = 0): Stylesheet {
  const sheets = styleElements(root).filter(
    ({ type, media }) => isCss(type) && mediaHolds(media, widthPx, heightPx),
  );
  if (sheets.length === 0) return NO_STYLES;
  const book = new RuleBook(notes, widthPx, heightPx);
  for (const { text } of sheets) book.add(text);
  return book.isEmpty ? NO_STYLES : book;
}

interface StyleElement {
  readonly text: string;
  readonly type: string;
  readonly media: string;
}

function styleElements(root: SvgNode): StyleElement[] {
  const found: StyleElement[] = [];
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node.name === "style") {
      const [type, media] = [attribute(node, "type") ?? "", attribute(node, "media") ?? ""];
      found.push({ text: textContent(node), type, media });
    }
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!);
  }
  return found;
}

function isCss(type: string): boolean {
  return type === "" || /^text\/css$/i.test(type);
}

interface CompiledRule {
  readonly selector: CompiledSelector;
  readonly declarations: readonly Declaration[];
  /** Rules in a cascade layer yield to those of later layers and to those in none. */
  readonly cascadeLayer: number;
  readonly order: number;
}

const NAMESPACE = /^([\w-]+)\s+(?:url\(\s*)?["']?http:\/\/www\.w3\.org\/2000\/svg["']?\s*\)?$/;
const NO_LAYER = Number.MAX_SAFE_INTEGER;
/** A font or an image within the sheet; neither is drawn, and either may be many megabytes. */
const EMBEDDED = /\bdata:[\w.+/=;,%-]{500,}/g;
/** Far more than any program writes; a browser would take its time, too. */
const MAX_RULES = 200_000;
const MAX_STATEMENT = 2_000_000;
/** Rules that match, of all elements together, beyond those that each may have. */
const MAX_MATCHES = 4_000_000;
const FREE_MATCHES = 50;

class RuleBook implements Stylesheet {
  readonly #notes: Notes;
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #compiler = new SelectorCompiler();
  readonly #rules = new Map<string, CompiledRule[]>();
  /** Declared for SVG by `@namespace`. */
  readonly #prefixes = new Set<string>();
  readonly #cascadeLayers = new Map<string, number>();
  #order = 0;
  #matches = 0;

  constructor(notes: Notes, widthPx: number, heightPx: number) {
    this.#notes = notes;
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0;
  }

  add(css: string): void {
    const plain = css.replace(/^\s*<!--|-->\s*$/g, "").replace(EMBEDDED, "data:");
    this.#addText(plain, null, NO_LAYER);
  }

  #addText(css: string, parents: readonly CompiledSelector[] | null, cascadeLayer: number): void {
    const options = { parseValue: false, parseCustomProperty: false, parseAtrulePrelude: false };
    for (const statements of cssStatements(css)) {
      if (statements.length > MAX_STATEMENT)
        throw tooMuch(`has a rule of more than ${MAX_STATEMENT / 1e6} million characters`);
      const sheet = loadParser()(statements, options);
      if (sheet.type === "StyleSheet") this.#addAll(sheet.children.toArray(), parents, cascadeLayer);
    }
  }

  declarationsFor(node: SvgNode): readonly Declaration[] {
    const matching: CompiledRule[] = [];
    this.#compiler.allowForElement();
    this.#collect("*", node, matching);
    this.#collect(node.name, node, matching);
    const id = attribute(node, "id");
    if (id !== undefined) this.#collect(`#${id}`, node, matching);
    const classes = attribute(node, "class");
    if (classes !== undefined) {
      for (const name of new Set(classes.split(/\s+/))) this.#collect(`.${name}`, node, matching);
    }
    this.#matches += Math.max(0, matching.length - FREE_MATCHES);
    if (this.#matches > MAX_MATCHES) throw tooMuch("has too many rules for the same elements");
    if (!isInOrder(matching)) matching.sort(byWeight);
    return matching.flatMap((rule) => rule.declarations);
  }

  #collect(key: string, node: SvgNode, into: CompiledRule[]): void {
    for (const rule of this.#rules.get(key) ?? []) if (rule.selector.matches(node)) into.push(rule);
  }

  #addAll(
    nodes: readonly CssNode[],
    parents: readonly CompiledSelector[] | null,
    cascadeLayer: number,
  ): void {
    for (const node of nodes) {
      if (node.type === "Rule") this.#addRule(node, parents, cascadeLayer);
      else if (node.type === "Atrule") this.#addAtRule(node, parents, cascadeLayer);
    }
  }

  #addRule(rule: Rule, parents: readonly CompiledSelector[] | null, cascadeLayer: number): void {
    if (rule.prelude.type !== "SelectorList" || !isKnown(rule.prelude)) return;
    if (!this.#knowsPrefixes(rule.prelude)) return;
    const selectors = this.#compiler.compileList(rule.prelude.children, parents);
    if (selectors.length === 0) return;
    this.#addBlock(rule.block, selectors, cascadeLayer);
  }

  /** A prefix (`svg|path`) means something only where `@namespace` has declared it: else browsers drop the whole rule. */
  #knowsPrefixes(list: SelectorList): boolean {
    const names = list.children
      .toArray()
      .flatMap((selector) => (selector.type === "Selector" ? selector.children.toArray() : []))
      .flatMap((part) => (part.type === "TypeSelector" && part.name.includes("|") ? [part.name] : []));
    return names.every(
      (name) => name.startsWith("*|") || this.#prefixes.has(name.slice(0, name.indexOf("|"))),
    );
  }

  #addBlock(block: Block, selectors: readonly CompiledSelector[], cascadeLayer: number): void {
    const declarations = block.children.toArray().flatMap((child) => {
      if (child.type !== "Declaration" || child.value.type !== "Raw") return [];
      return makeDeclaration(child.property, child.value.value, child.important !== false) ?? [];
    });
    const order = this.#order++;
    if (order === MAX_RULES) throw tooMuch(`has more than ${MAX_RULES.toLocaleString("en")} rules`);
    for (const selector of declarations.length > 0 ? selectors : []) {
      const rules = this.#rules.get(selector.key);
      const rule = { selector, declarations, cascadeLayer, order };
      if (rules) rules.push(rule);
      else this.#rules.set(selector.key, [rule]);
    }
    for (const child of block.children.toArray()) {
      // A nested rule that does not begin with & comes as plain text.
      if (child.type === "Raw" && child.value.includes("{"))
        this.#addText(child.value, selectors, cascadeLayer);
    }
    this.#addAll(block.children.toArray(), selectors, cascadeLayer);
  }

  #addAtRule(rule: Atrule, parents: readonly CompiledSelector[] | null, cascadeLayer: number): void {
    const name = rule.name.toLowerCase();
    const prelude = rule.prelude?.type === "Raw" ? withoutComments(rule.prelude.value).trim() : "";
    if (name === "import")
      this.#notes.add(`the style sheet imports ${prelude.slice(0, 80)}: plotty fetches nothing`);
    const declared = name === "namespace" ? NAMESPACE.exec(prelude) : null;
    if (declared) this.#prefixes.add(declared[1]!);
    const layer = name === "layer" ? this.#cascadeLayer(prelude) : cascadeLayer;
    if (!rule.block) return;
    const holds =
      name === "layer" ||
      (name === "media" && mediaHolds(prelude, this.#widthPx, this.#heightPx)) ||
      (name === "supports" && conditionHolds(prelude, isSupported) === true);
    if (!holds) return;
    if (parents) this.#addBlock(rule.block, parents, layer);
    else this.#addAll(rule.block.children.toArray(), parents, layer);
  }

  /** Its rank; names listed before (`@layer a, b;`) have theirs already. */
  #cascadeLayer(prelude: string): number {
    let rank = NO_LAYER;
    for (const name of prelude === ""
      ? [`\0${this.#order}`]
      : prelude.split(",").map((part) => part.trim())) {
      rank = this.#cascadeLayers.get(name) ?? this.#cascadeLayers.size;
      this.#cascadeLayers.set(name, rank);
    }
    return rank;
  }
}

/** What browsers know beyond what matters to a plotter is taken to be all that carries no other browser's name. */
function isSupported(condition: string): boolean | undefined {
  if (/^selector\(/i.test(condition)) return true;
  const [, property, value] = /^\(\s*([\w-]+)\s*:\s*(.*?)\s*\)$/s.exec(condition) ?? [];
  if (property === undefined || value === undefined) return undefined;
  const name = property.toLowerCase();
  return matters(name) ? isValid(name, value, true) : !/^-(?:moz|ms|o|khtml)-/.test(name);
}

const STATES = new Set(
  (
    "hover active focus focus-visible focus-within visited link any-link target enabled disabled checked root empty lang dir not is " +
    "where has matches first-child last-child only-child first-of-type last-of-type only-of-type nth-child nth-last-child " +
    "nth-of-type nth-last-of-type scope defined default valid invalid required optional read-only read-write indeterminate " +
    "fullscreen host placeholder-shown autofill modal open in-range out-of-range playing paused target-within popover-open"
  ).split(" "),
);

/** One selector that a browser does not know makes the whole rule void. */
function isKnown({ children }: SelectorList): boolean {
  return children.toArray().every(
    (selector) =>
      selector.type === "Selector" &&
      selector.children.toArray().every(({ type, ...part }) => {
        if (type !== "PseudoClassSelector" || !("name" in part)) return true;
        const name = String(part.name).toLowerCase();
        return STATES.has(name) || name.startsWith("-webkit-");
      }),
  );
}

function tooMuch(what: string): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the style sheet ${what}: save the drawing with presentation attributes`,
  );
}

function isInOrder(rules: readonly CompiledRule[]): boolean {
  return rules.every((rule, i) => i === 0 || byWeight(rules[i - 1]!, rule) < 0);
}

function byWeight(a: CompiledRule, b: CompiledRule): number {
  return (
    a.cascadeLayer - b.cascadeLayer || a.selector.specificity - b.selector.specificity || a.order - b.order
  );
}

let parser: typeof Parse | undefined;

/** Loaded only for drawings that have a style sheet: it would double the time of a start. */
function loadParser(): typeof Parse {
  parser ??= createRequire(import.meta.url)("css-tree/parser") as typeof Parse;
  return parser;
}
