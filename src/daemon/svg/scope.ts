import type { ReferenceBox } from "./css-transform.ts";
import { type LengthBasis, parseLength } from "./length.ts";
import { type Matrix, multiply, translation } from "./matrix.ts";
import type { Style } from "./style.ts";
import { attribute, type SvgNode } from "./tree.ts";
import type { UseChain } from "./uses.ts";
import { parseViewBox, viewBoxTransform } from "./viewport.ts";

/** What an element finds around it. */
export interface Scope {
  readonly toMm: Matrix;
  readonly style: Style;
  readonly basis: LengthBasis;
  /** Of the nearest `svg`: what `transform-origin` and per cents of transforms refer to. */
  readonly box: ReferenceBox;
  /** -1 outside all layers. */
  readonly layer: number;
  readonly uses: UseChain | null;
}

export function boxOf(x: number, y: number, width: number, height: number): ReferenceBox {
  return { minX: x, minY: y, maxX: x + width, maxY: y + height };
}

/**
 * What the children of a nested `svg`, or of a `symbol` that a `use` shows, find around them. Browsers take its place and size from
 * the attributes alone, whatever CSS says.
 *
 * @param user the `use`, which sets the size of what it shows
 * @returns undefined when nothing is shown
 */
export function innerScope(node: SvgNode, scope: Scope, user: SvgNode | null): Scope | undefined {
  const { basis } = scope;
  const size = (name: "width" | "height", axis: "x" | "y"): number => {
    const used = user ? parseLength(attribute(user, name), axis, basis) : undefined;
    const own = parseLength(attribute(node, name), axis, basis);
    return used ?? own ?? (axis === "x" ? basis.viewportWidth : basis.viewportHeight);
  };
  const width = size("width", "x");
  const height = size("height", "y");
  const viewBox = parseViewBox(attribute(node, "viewBox"));
  const fitted = viewBoxTransform(viewBox, attribute(node, "preserveAspectRatio"), width, height);
  if (!(width > 0 && height > 0) || !fitted) return undefined;
  const x = parseLength(attribute(node, "x"), "x", basis) ?? 0;
  const y = parseLength(attribute(node, "y"), "y", basis) ?? 0;
  const innerWidth = viewBox?.width ?? width;
  const innerHeight = viewBox?.height ?? height;
  return {
    ...scope,
    toMm: multiply(scope.toMm, multiply(translation(x, y), fitted)),
    basis: { ...basis, viewportWidth: innerWidth, viewportHeight: innerHeight },
    box: boxOf(0, 0, innerWidth, innerHeight),
  };
}
