import { isText, type SvgNode } from "./tree.ts";

/** Where an element stands among its siblings, counted once for each parent: style sheets ask for every element. */
export interface Place {
  /** All element children of the parent, and this one's index among them. */
  readonly siblings: readonly SvgNode[];
  readonly index: number;
  /** 0-based among those of the same type, and how many there are. */
  readonly typeIndex: number;
  readonly typeCount: number;
}

const known = new WeakMap<SvgNode, Map<SvgNode, Place>>();

/** The root has no siblings but itself. */
export function placeOf(node: SvgNode): Place {
  const { parent } = node;
  if (!parent) return { siblings: [node], index: 0, typeIndex: 0, typeCount: 1 };
  let places = known.get(parent);
  if (!places) {
    places = countChildren(parent);
    known.set(parent, places);
  }
  return places.get(node)!;
}

function countChildren(parent: SvgNode): Map<SvgNode, Place> {
  const siblings = parent.children.filter((child) => !isText(child));
  const counts = new Map<string, number>();
  for (const { name } of siblings) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  const places = new Map<SvgNode, Place>();
  siblings.forEach((node, index) => {
    const typeIndex = seen.get(node.name) ?? 0;
    seen.set(node.name, typeIndex + 1);
    places.set(node, { siblings, index, typeIndex, typeCount: counts.get(node.name)! });
  });
  return places;
}
