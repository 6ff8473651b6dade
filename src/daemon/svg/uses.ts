import { PlottyError } from "../../shared/errors.ts";
import { attribute, type SvgNode } from "./tree.ts";

/** The `use` elements that led to a place, innermost first. */
export interface UseChain {
  readonly target: SvgNode;
  readonly outer: UseChain | null;
  readonly depth: number;
}

const MAX_USE_DEPTH = 200;

/** Finds what `use` refers to. */
export class UseTargets {
  readonly #root: SvgNode;
  #byId: Map<string, SvgNode> | undefined;

  constructor(root: SvgNode) {
    this.#root = root;
  }

  /** @returns undefined when it refers to nothing in this file */
  find(use: SvgNode): SvgNode | undefined {
    const href = (attribute(use, "href") ?? attribute(use, "xlink:href") ?? "").trim();
    if (!href.startsWith("#")) return undefined;
    this.#byId ??= indexIds(this.#root);
    return this.#byId.get(href.slice(1)) ?? this.#byId.get(decodeFragment(href.slice(1)));
  }
}

/** @throws PlottyError `svg.unreadable` when a `use` leads back to itself */
export function enterUse(target: SvgNode, outer: UseChain | null): UseChain {
  for (let link = outer; link; link = link.outer) {
    if (link.target === target) throw selfReference(target);
  }
  const depth = (outer?.depth ?? 0) + 1;
  if (depth > MAX_USE_DEPTH) {
    throw new PlottyError(
      "svg.too-complex",
      `use elements refer to each other more than ${MAX_USE_DEPTH} deep`,
    );
  }
  return { target, outer, depth };
}

function selfReference(target: SvgNode): PlottyError {
  const id = attribute(target, "id") ?? "";
  return new PlottyError(
    "svg.unreadable",
    `a use of #${id} leads back to #${id} itself: remove one of the references`,
    {
      id,
    },
  );
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** The first element of an id counts, in document order. */
function indexIds(root: SvgNode): Map<string, SvgNode> {
  const byId = new Map<string, SvgNode>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const id = attribute(node, "id");
    if (id !== undefined && node.name !== "" && !byId.has(id)) byId.set(id, node);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!);
  }
  return byId;
}
