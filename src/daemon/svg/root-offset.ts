import { splitTopLevel } from "./css-words.ts";
import { type LengthBasis, parseLength } from "./length.ts";
import { type Matrix, translation } from "./matrix.ts";
import type { Cascaded } from "./style.ts";

/**
 * How far a browser shows the whole drawing from the corner of its page, px: the outermost `svg` is a CSS box. Chart libraries move
 * it by half a px.
 */
export function rootOffset(cascaded: Cascaded, basis: LengthBasis): Matrix {
  const px = (text: string | undefined, axis: "x" | "y"): number | undefined =>
    text?.includes("%") ? undefined : parseLength(text, axis, basis);
  const [top, right = top, , left = right] = splitTopLevel(cascaded.get("margin") ?? "", " ");
  let x = px(cascaded.get("margin-left") ?? left, "x") ?? 0;
  let y = px(cascaded.get("margin-top") ?? top, "y") ?? 0;
  const position = (cascaded.get("position") ?? "").toLowerCase();
  if (position === "relative" || position === "absolute" || position === "fixed") {
    const isRelative = position === "relative";
    x += px(cascaded.get("left"), "x") ?? (isRelative ? -(px(cascaded.get("right"), "x") ?? 0) : 0);
    y += px(cascaded.get("top"), "y") ?? (isRelative ? -(px(cascaded.get("bottom"), "y") ?? 0) : 0);
  }
  return translation(x, y);
}
