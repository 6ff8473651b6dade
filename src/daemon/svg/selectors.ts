import type { CssNode, List, Nth, PseudoClassSelector, Selector } from "css-tree";
import { PlottyError } from "../../shared/errors.ts";
import { unescapeCss } from "./declarations.ts";
import { attributeTest, langTest, type NodeTest, nthTest } from "./selector-tests.ts";
import { placeOf } from "./siblings.ts";
import { attribute, isText, type SvgNode } from "./tree.ts";

/** One compound (`rect.frame:first-child`) and how it hangs on the one before it. */
interface Compound {
  readonly tests: readonly NodeTest[];
  readonly combinator: string;
  readonly left: Compound | null;
}

export interface CompiledSelector {
  matches(node: SvgNode): boolean;
  /** Ids, classes and types, so weighed that one id outweighs all classes. */
  readonly specificity: number;
  /** What the last compound asks for first: `#id`, `.class`, a type name, or `*`. Rules are looked up by it. */
  readonly key: string;
}

const ID = 1_000_000;
const CLASS = 1000;
const TYPE = 1;
/** Backtracking through deep trees could go on for ever; no real style sheet comes near. Each element allows some steps more. */
const MAX_STEPS = 20_000_000;
const STEPS_OF_ELEMENT = 100;

/**
 * Compiles the selectors that can match an element. One with a pseudo-element, a state such as `:hover`, or something unknown
 * never matches and is left out.
 *
 * @param parents of the rule around this one, for `&` and nested rules
 */
export class SelectorCompiler {
  #stepsLeft = MAX_STEPS;

  /** Another element is going to be matched. */
  allowForElement(): void {
    this.#stepsLeft += STEPS_OF_ELEMENT;
  }

  compileList(list: List<CssNode>, parents: readonly CompiledSelector[] | null): CompiledSelector[] {
    const compiled: CompiledSelector[] = [];
    for (const selector of list.toArray()) {
      if (selector.type !== "Selector") continue;
      const one = this.#compile(selector, parents);
      if (one) compiled.push(one);
    }
    return compiled;
  }

  #compile(selector: Selector, parents: readonly CompiledSelector[] | null): CompiledSelector | undefined {
    return this.#compileNodes(selector.children.toArray(), parents);
  }

  #compileNodes(
    nodes: readonly CssNode[],
    parents: readonly CompiledSelector[] | null,
  ): CompiledSelector | undefined {
    const around = parents && !nodes.some((node) => node.type === "NestingSelector");
    let specificity = 0;
    let key = "*";
    let tests: NodeTest[] = [];
    let left: Compound | null = null;
    let combinator = "";
    if (around) {
      left = { tests: [anyOf(parents)], combinator: "", left: null };
      combinator = " ";
      specificity += highest(parents);
    }
    for (const node of nodes) {
      if (node.type === "Combinator") {
        if (tests.length > 0) left = { tests, combinator, left };
        combinator = node.name;
        tests = [];
        key = "*";
        continue;
      }
      const part = this.#part(node, parents);
      if (!part) return undefined;
      tests.push(part.test);
      specificity += part.specificity;
      if (part.key && key === "*") key = part.key;
    }
    const last: Compound = { tests, combinator, left };
    return { specificity, key, matches: (node) => this.#matches(last, node) };
  }

  #part(
    node: CssNode,
    parents: readonly CompiledSelector[] | null,
  ): { test: NodeTest; specificity: number; key?: string } | undefined {
    switch (node.type) {
      case "TypeSelector": {
        const name = unescapeCss(node.name.slice(node.name.indexOf("|") + 1));
        if (name === "*") return { test: () => true, specificity: 0 };
        return { test: (element) => element.name === name, specificity: TYPE, key: name };
      }
      case "ClassSelector":
        return {
          test: hasClass(unescapeCss(node.name)),
          specificity: CLASS,
          key: `.${unescapeCss(node.name)}`,
        };
      case "IdSelector":
        return {
          test: (element) => attribute(element, "id") === unescapeCss(node.name),
          specificity: ID,
          key: `#${unescapeCss(node.name)}`,
        };
      case "AttributeSelector": {
        const test = attributeTest(node);
        return test && { test, specificity: CLASS };
      }
      case "NestingSelector":
        return parents
          ? { test: anyOf(parents), specificity: highest(parents) }
          : { test: (element) => element.parent === null, specificity: 0 };
      case "PseudoClassSelector":
        return this.#pseudoClass(node, parents);
      default:
        return undefined;
    }
  }

  #pseudoClass(
    node: PseudoClassSelector,
    parents: readonly CompiledSelector[] | null,
  ): { test: NodeTest; specificity: number } | undefined {
    const name = node.name.toLowerCase();
    const argument = node.children?.first;
    if (name === "not" || name === "is" || name === "where" || name === "matches" || name === "-webkit-any") {
      if (argument?.type !== "SelectorList") return undefined;
      const inner = this.compileList(argument.children, parents);
      const test = anyOf(inner);
      const specificity = name === "where" ? 0 : highest(inner);
      return { test: name === "not" ? (element) => !test(element) : test, specificity };
    }
    if (name === "has") {
      if (argument?.type !== "SelectorList") return undefined;
      return this.#has(argument.children.toArray(), parents);
    }
    if (name === "lang") {
      const test = langTest(node.children?.toArray() ?? []);
      return { test, specificity: CLASS };
    }
    const ofList =
      argument?.type === "Nth" && argument.selector?.type === "SelectorList" ? argument.selector : undefined;
    const of = ofList ? this.compileList(ofList.children, parents) : undefined;
    const test = nthTest(name, argument?.type === "Nth" ? (argument as Nth) : undefined, of && anyOf(of));
    return test && { test, specificity: CLASS + (of ? highest(of) : 0) };
  }

  /** `:has()`: what may match lies inside, or beside after `+` and `~`. */
  #has(
    list: readonly CssNode[],
    parents: readonly CompiledSelector[] | null,
  ): { test: NodeTest; specificity: number } {
    const relatives: { combinator: string; selector: CompiledSelector }[] = [];
    for (const selector of list) {
      if (selector.type !== "Selector") continue;
      const nodes = selector.children.toArray();
      const combinator = nodes[0]?.type === "Combinator" ? nodes[0].name : " ";
      const compiled = this.#compileNodes(nodes[0]?.type === "Combinator" ? nodes.slice(1) : nodes, parents);
      if (compiled) relatives.push({ combinator, selector: compiled });
    }
    const test: NodeTest = (node) =>
      relatives.some(({ combinator, selector }) => relativesOf(node, combinator).some(selector.matches));
    return { test, specificity: highest(relatives.map(({ selector }) => selector)) };
  }

  /** From the last compound to the left; only descendants and later siblings leave a choice. */
  #matches(compound: Compound, node: SvgNode): boolean {
    if (--this.#stepsLeft < 0) throw tooManySteps();
    for (const test of compound.tests) if (!test(node)) return false;
    const { left, combinator } = compound;
    if (!left) return combinator === "" || combinator === " ";
    if (combinator === ">") return node.parent !== null && this.#matches(left, node.parent);
    if (combinator === " ") {
      for (let up = node.parent; up; up = up.parent) if (this.#matches(left, up)) return true;
      return false;
    }
    const { siblings, index } = placeOf(node);
    if (combinator === "+") return index > 0 && this.#matches(left, siblings[index - 1]!);
    for (let i = index - 1; i >= 0; i--) if (this.#matches(left, siblings[i]!)) return combinator === "~";
    return false;
  }
}

function tooManySteps(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    "the style sheet's selectors take too long to match: simplify them",
  );
}

function relativesOf(node: SvgNode, combinator: string): SvgNode[] {
  if (combinator === ">") return node.children.filter((child) => !isText(child));
  if (combinator === " ") return descendants(node);
  const { siblings, index } = placeOf(node);
  return combinator === "+" ? siblings.slice(index + 1, index + 2) : siblings.slice(index + 1);
}

function descendants(node: SvgNode): SvgNode[] {
  const found: SvgNode[] = [];
  const stack = [...node.children];
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (!isText(next)) found.push(next);
    for (const child of next.children) stack.push(child);
  }
  return found;
}

function anyOf(selectors: readonly CompiledSelector[]): NodeTest {
  return (node) => selectors.some((selector) => selector.matches(node));
}

function highest(selectors: readonly CompiledSelector[]): number {
  return Math.max(0, ...selectors.map((selector) => selector.specificity));
}

function hasClass(name: string): NodeTest {
  return (node) => {
    const classes = attribute(node, "class");
    if (classes === undefined || !classes.includes(name)) return false;
    return classes === name || classes.split(/\s+/).includes(name);
  };
}
