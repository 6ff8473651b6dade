import { SHAPES } from "./shapes.ts";
import type { Cascaded } from "./style.ts";
import type { SvgNode } from "./tree.ts";

/** What is left out with a note, and its name in it. */
export const NOUNS: Readonly<Record<string, string>> = {
  image: "image",
  foreignObject: "foreign object",
  video: "video",
  audio: "sound",
  canvas: "canvas",
  iframe: "frame",
};
const CONTAINERS = new Set(["g", "a", "switch", "svg", "use", "text"]);

/** Whether an element is shown, or told of, when it is no shape. */
export function isDrawable(name: string): boolean {
  return CONTAINERS.has(name) || Object.hasOwn(NOUNS, name);
}

/** A link right within a link is not shown: browsers keep it from being one. */
export function isNoLink(node: SvgNode): boolean {
  return node.name !== "a";
}

/** An element that is itself no box (`contents`) shows what it contains; a shape contains nothing. */
export function isHidden(cascaded: Cascaded, name: string): boolean {
  const display = cascaded.get("display") ?? "";
  return /^none$/i.test(display) || (/^contents$/i.test(display) && (SHAPES.has(name) || name === "text"));
}
