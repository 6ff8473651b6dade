import { type LengthBasis, parseLength } from "./length.ts";
import { IDENTITY, type Matrix } from "./matrix.ts";
import { INITIAL_STYLE } from "./style.ts";
import { attribute, type SvgNode } from "./tree.ts";
import { parseViewBox, type ViewBox, viewBoxTransform } from "./viewport.ts";

/** The outermost `svg`: its size and what of the drawing it shows where. All in px. */
export interface PageBox {
  readonly width: number;
  readonly height: number;
  readonly viewBox: ViewBox | undefined;
  /** From user units to px of the page; undefined when nothing is shown. */
  readonly toPage: Matrix | undefined;
  /** Neither `width` and `height` nor a view box say how large it is. */
  readonly isGuessed: boolean;
}

/** What browsers take for a picture that says nothing of its size. */
const DEFAULT_WIDTH = 300;
const DEFAULT_HEIGHT = 150;

/**
 * The page of a drawing. A size that is missing or in per cent comes from the view box, one unit of it being 1 px, and
 * one that is missing alone from the view box's proportions.
 *
 * @param property the element's attribute or CSS property of that name; @param fontSize its own, px: what `em` means
 */
export function pageOf(
  root: SvgNode,
  property: (name: string) => string | undefined,
  fontSize = INITIAL_STYLE.fontSize,
): PageBox {
  const viewBox = parseViewBox(attribute(root, "viewBox"));
  const natural = {
    width: viewBox?.width || DEFAULT_WIDTH,
    height: viewBox?.height || DEFAULT_HEIGHT,
  };
  const basis: LengthBasis = {
    viewportWidth: natural.width,
    viewportHeight: natural.height,
    fontSize,
    rootFontSize: fontSize,
    pageWidth: natural.width,
    pageHeight: natural.height,
  };
  const given = (name: "width" | "height"): number | undefined => {
    // What is no length in CSS (auto, 100%) leaves the picture its own size, which the attribute tells.
    for (const text of [property(name), attribute(root, name)]) {
      const value = parseLength(text, name === "width" ? "x" : "y", basis);
      if (value !== undefined && value >= 0 && !text?.includes("%")) return value;
    }
    return undefined;
  };
  const [givenWidth, givenHeight] = [given("width"), given("height")];
  const ratio = natural.width / natural.height;
  const width = givenWidth ?? (viewBox && givenHeight !== undefined ? givenHeight * ratio : natural.width);
  const height = givenHeight ?? (viewBox && givenWidth !== undefined ? givenWidth / ratio : natural.height);
  return {
    width,
    height,
    viewBox,
    toPage:
      width > 0 && height > 0
        ? viewBox
          ? viewBoxTransform(viewBox, attribute(root, "preserveAspectRatio"), width, height)
          : IDENTITY
        : undefined,
    isGuessed: !viewBox && (givenWidth === undefined || givenHeight === undefined),
  };
}
