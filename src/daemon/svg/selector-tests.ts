import type { AttributeSelector, Nth } from "css-tree";
import type { NodeTest } from "./selectors.ts";
import { attribute, isText, type SvgNode } from "./tree.ts";

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
      return (node) => place(node, false, anyElement) === 1;
    case "last-child":
      return (node) => place(node, true, anyElement) === 1;
    case "only-child":
      return (node) => place(node, false, anyElement) === 1 && place(node, true, anyElement) === 1;
    case "first-of-type":
      return (node) => place(node, false, sameType(node)) === 1;
    case "last-of-type":
      return (node) => place(node, true, sameType(node)) === 1;
    case "only-of-type":
      return (node) => place(node, false, sameType(node)) === 1 && place(node, true, sameType(node)) === 1;
    case "nth-child":
    case "nth-last-child":
      return nth && counting(nth, name === "nth-last-child", () => of ?? anyElement, of);
    case "nth-of-type":
    case "nth-last-of-type":
      return nth && counting(nth, name === "nth-last-of-type", sameType, undefined);
    default:
      return undefined;
  }
}

function counting(
  nth: Nth,
  fromEnd: boolean,
  among: (node: SvgNode) => NodeTest,
  of: NodeTest | undefined,
): NodeTest {
  const [a, b] = stepAndOffset(nth);
  return (node) => {
    if (of && !of(node)) return false;
    const rest = place(node, fromEnd, among(node)) - b;
    return a === 0 ? rest === 0 : rest % a === 0 && rest / a >= 0;
  };
}

/** `2n+1` is [2, 1]. */
function stepAndOffset({ nth }: Nth): [number, number] {
  if (nth.type === "Identifier") return nth.name === "even" ? [2, 0] : [2, 1];
  const step = nth.a === null ? 0 : nth.a === "" || nth.a === "+" ? 1 : nth.a === "-" ? -1 : Number(nth.a);
  return [step, Number(nth.b ?? 0)];
}

/** 1 for the first among its siblings that count; the root has no siblings. */
function place(node: SvgNode, fromEnd: boolean, counts: NodeTest): number {
  const siblings = node.parent?.children;
  if (!siblings) return 1;
  let at = 0;
  const last = siblings.length - 1;
  for (let i = 0; i <= last; i++) {
    const sibling = siblings[fromEnd ? last - i : i]!;
    if (!isText(sibling) && counts(sibling)) at++;
    if (sibling === node) break;
  }
  return at;
}

function anyElement(): boolean {
  return true;
}

function sameType(node: SvgNode): NodeTest {
  return (other) => other.name === node.name;
}
