import { aroundOrigin, parseCssTransform, parseTransformOrigin, type ReferenceBox } from "./css-transform.ts";
import { splitTopLevel } from "./css-words.ts";
import type { LengthBasis } from "./length.ts";
import { IDENTITY, type Matrix, multiply } from "./matrix.ts";
import type { Cascaded } from "./style.ts";
import { parseTransformAttribute } from "./transform.ts";
import { attribute, type SvgNode } from "./tree.ts";

/**
 * The transform of an element: the CSS property where a style sheet or `style` sets it, else the attribute; then the
 * properties `translate`, `rotate` and `scale` around it, as CSS Transforms 2 orders them.
 *
 * @param viewBox what per cents and the origin refer to, unless `transform-box` says the element's own box
 * @param ownBox asked for only then
 */
export function elementTransform(
  node: SvgNode,
  cascaded: Cascaded,
  basis: LengthBasis,
  viewBox: ReferenceBox,
  ownBox: () => ReferenceBox,
): Matrix {
  const text = attribute(node, "transform");
  const css = cascaded.get("transform");
  if (text === undefined && css === undefined && !hasSingleTransforms(cascaded)) return IDENTITY;
  if (/^contents$/i.test(cascaded.get("display") ?? "")) return IDENTITY;
  const box = /^(?:fill-box|content-box|stroke-box|border-box)$/i.test(cascaded.get("transform-box") ?? "")
    ? ownBox()
    : viewBox;
  const fromCss =
    css === undefined ? undefined : NO_TRANSFORM.test(css) ? IDENTITY : parseCssTransform(css, basis, box);
  const own = fromCss ?? (text === undefined ? IDENTITY : (parseTransformAttribute(text) ?? IDENTITY));
  const matrix = multiply(singleTransforms(cascaded, basis, box), own);
  if (matrix === IDENTITY) return matrix;
  return aroundOrigin(parseTransformOrigin(cascaded.get("transform-origin"), basis, box), matrix);
}

const NO_TRANSFORM = /^(?:initial|unset|revert|revert-layer)$/i;

function hasSingleTransforms(cascaded: Cascaded): boolean {
  return cascaded.has("translate") || cascaded.has("rotate") || cascaded.has("scale");
}

function singleTransforms(cascaded: Cascaded, basis: LengthBasis, box: ReferenceBox): Matrix {
  if (!hasSingleTransforms(cascaded)) return IDENTITY;
  let result = IDENTITY;
  for (const name of ["translate", "rotate", "scale"]) {
    const value = cascaded.get(name);
    if (value === undefined || /^none$/i.test(value)) continue;
    const text = asFunction(name, splitTopLevel(value, " "));
    result = multiply(result, parseCssTransform(text, basis, box) ?? IDENTITY);
  }
  return result;
}

const AXES: Readonly<Record<string, string>> = { x: "1, 0, 0", y: "0, 1, 0", z: "0, 0, 1" };

/** The function of `transform` that does the same: `rotate: x 60deg` is `rotate3d(1, 0, 0, 60deg)`. */
function asFunction(name: string, words: readonly string[]): string {
  if (name !== "rotate") return `${name}${words.length > 2 ? "3d" : ""}(${words.join(", ")})`;
  if (words.length === 1) return `rotate(${words[0]})`;
  const angle = words.find((word) => /[a-z(]/i.test(word) && AXES[word.toLowerCase()] === undefined) ?? "";
  const axis = words.filter((word) => word !== angle).map((word) => AXES[word.toLowerCase()] ?? word);
  return `rotate3d(${axis.join(", ")}, ${angle})`;
}
