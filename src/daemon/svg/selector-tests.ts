import type { AttributeSelector, CssNode, Nth } from "css-tree";
import { placeOf } from "./siblings.ts";
import { attribute, type SvgNode } from "./tree.ts";

export type NodeTest = (node: SvgNode) => boolean;

/** `[name]`, `[name=value]` and its kin. */
export function attributeTest(selector: AttributeSelector): NodeTest | undefined {
  const name = selector.name.name.replace(/^\*?\|/, "").replace("|", ":");
  const { matcher, value } = selector;
  if (!matcher || !value) return (node) => attribute(node, name) !== undefined;
  const raw = value.type === "String" ? value.value : value.name;
  const ignoresCase = selector.flags?.toLowerCase() === "i";
  const wanted = ignoresCase ? raw.toLowerCase() : raw;
  const compare = COMPARISONS[matcher];
  if (!compare) return undefined;
  return (node) => {
    const actual = attribute(node, name);
    return actual !== undefined && compare(ignoresCase ? actual.toLowerCase() : actual, wanted);
  };
}

/** `:lang(en)`: the nearest element that tells its language decides. */
export function langTest(argument: readonly CssNode[]): NodeTest {
  const wanted = argument.flatMap((node) => {
    if (node.type === "Raw")
      return node.value.split(",").map((word) => word.trim().replace(/^["']|["']$/g, ""));
    if (node.type === "Identifier") return [node.name];
    return node.type === "String" ? [node.value] : [];
  });
  const ranges = wanted.map((range) => range.toLowerCase().replace(/^\*-/, ""));
  return (node) => {
    for (let up: typeof node | null = node; up; up = up.parent) {
      const language = (attribute(up, "xml:lang") ?? attribute(up, "lang"))?.toLowerCase();
      if (language !== undefined)
        return ranges.some((range) => language === range || language.startsWith(`${range}-`));
    }
    return false;
  };
}

const COMPARISONS: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  "=": (actual, wanted) => actual === wanted,
  "~=": (actual, wanted) => wanted !== "" && actual.split(/\s+/).includes(wanted),
  "|=": (actual, wanted) => actual === wanted || actual.startsWith(`${wanted}-`),
  "^=": (actual, wanted) => wanted !== "" && actual.startsWith(wanted),
  "$=": (actual, wanted) => wanted !== "" && actual.endsWith(wanted),
  "*=": (actual, wanted) => wanted !== "" && actual.includes(wanted),
};

/** Pseudo-classes of an element's place in the tree. Undefined for those that never hold for a drawing (`:hover`). */
export function nthTest(name: string, nth: Nth | undefined, of: NodeTest | undefined): NodeTest | undefined {
  switch (name) {
    case "root":
      return (node) => node.parent === null;
    case "empty":
      return (node) => node.children.length === 0;
    case "link":
    case "any-link":
      return (node) =>
        node.name === "a" && (attribute(node, "href") ?? attribute(node, "xlink:href")) !== undefined;
    case "first-child":
      return (node) => fromStart(node) === 1;
    case "last-child":
      return (node) => fromEnd(node) === 1;
    case "only-child":
      return (node) => placeOf(node).siblings.length === 1;
    case "first-of-type":
      return (node) => typeFromStart(node) === 1;
    case "last-of-type":
      return (node) => typeFromEnd(node) === 1;
    case "only-of-type":
      return (node) => placeOf(node).typeCount === 1;
    case "nth-child":
      return nth && counting(nth, of ? (node) => placeAmong(node, false, of) : fromStart);
    case "nth-last-child":
      return nth && counting(nth, of ? (node) => placeAmong(node, true, of) : fromEnd);
    case "nth-of-type":
      return nth && counting(nth, typeFromStart);
    case "nth-last-of-type":
      return nth && counting(nth, typeFromEnd);
    default:
      return undefined;
  }
}

function fromStart(node: SvgNode): number {
  return placeOf(node).index + 1;
}

function fromEnd(node: SvgNode): number {
  const { siblings, index } = placeOf(node);
  return siblings.length - index;
}

function typeFromStart(node: SvgNode): number {
  return placeOf(node).typeIndex + 1;
}

function typeFromEnd(node: SvgNode): number {
  const { typeCount, typeIndex } = placeOf(node);
  return typeCount - typeIndex;
}

/** `:nth-child(… of …)`: counted among those that match; 0 for one that does not. */
function placeAmong(node: SvgNode, isFromEnd: boolean, of: NodeTest): number {
  if (!of(node)) return 0;
  const { siblings, index } = placeOf(node);
  const counted = isFromEnd ? siblings.slice(index) : siblings.slice(0, index + 1);
  return counted.filter(of).length;
}

/** @param place 1 for the first */
function counting(nth: Nth, place: (node: SvgNode) => number): NodeTest {
  const [a, b] = stepAndOffset(nth);
  return (node) => {
    const at = place(node);
    const rest = at - b;
    return at > 0 && (a === 0 ? rest === 0 : rest % a === 0 && rest / a >= 0);
  };
}

/** `2n+1` is [2, 1]. */
function stepAndOffset({ nth }: Nth): [number, number] {
  if (nth.type === "Identifier") return nth.name === "even" ? [2, 0] : [2, 1];
  const step = nth.a === null ? 0 : nth.a === "" || nth.a === "+" ? 1 : nth.a === "-" ? -1 : Number(nth.a);
  return [step, Number(nth.b ?? 0)];
}
