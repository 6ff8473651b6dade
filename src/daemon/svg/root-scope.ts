import { MM_PER_PX } from "../../shared/units.ts";
import { elementTransform } from "./element-transform.ts";
import type { LengthBasis } from "./length.ts";
import { type Matrix, multiply, scaling } from "./matrix.ts";
import type { PageBox } from "./page.ts";
import { rootOffset } from "./root-offset.ts";
import { boxOf, type Scope } from "./scope.ts";
import { type Cascaded, computeStyle, INITIAL_STYLE } from "./style.ts";
import type { SvgNode } from "./tree.ts";

/** What the elements of the outermost `svg` find around them, on a page that shows something. */
export function rootScope(root: SvgNode, cascaded: Cascaded, page: PageBox & { toPage: Matrix }): Scope {
  const width = page.viewBox?.width ?? page.width;
  const height = page.viewBox?.height ?? page.height;
  const initial: LengthBasis = {
    viewportWidth: width,
    viewportHeight: height,
    fontSize: INITIAL_STYLE.fontSize,
    rootFontSize: INITIAL_STYLE.fontSize,
    pageWidth: page.width,
    pageHeight: page.height,
  };
  const style = computeStyle(cascaded, INITIAL_STYLE, initial);
  const basis = { ...initial, fontSize: style.fontSize, rootFontSize: style.fontSize };
  const pageBox = boxOf(0, 0, page.width, page.height);
  const own = elementTransform(root, centred(cascaded), basis, pageBox, () => pageBox);
  const shown = multiply(rootOffset(cascaded, basis), multiply(own, page.toPage));
  const toMm = multiply(scaling(MM_PER_PX, MM_PER_PX), shown);
  return { toMm, style, basis, box: boxOf(0, 0, width, height), layer: -1, uses: null };
}

/** The outermost svg is a CSS box: its transforms turn around the middle unless told otherwise. */
function centred(cascaded: Cascaded): Cascaded {
  return cascaded.has("transform-origin")
    ? cascaded
    : new Map([...cascaded, ["transform-origin", "50% 50%"]]);
}
