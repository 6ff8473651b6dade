import { attribute, type SvgNode } from "./tree.ts";

/** A browser of an English-speaking reader decides `switch` by this. */
const LANGUAGE = "en";
const EXTENSIONS = new Set(["http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"]);

/** SVG 2, 5.10: an element whose conditions do not hold is not drawn. */
export function conditionsHold(node: SvgNode): boolean {
  const extensions = attribute(node, "requiredExtensions");
  if (extensions !== undefined && !words(extensions, /\s+/).every((name) => EXTENSIONS.has(name)))
    return false;
  if (extensions !== undefined && extensions.trim() === "") return false;
  const languages = attribute(node, "systemLanguage");
  return languages === undefined || words(languages, /,/).some(isOurLanguage);
}

/** The one child that a `switch` draws, if any. */
export function chosenChildren(node: SvgNode): SvgNode[] {
  const chosen = node.children.find((child) => child.name !== "" && conditionsHold(child));
  return chosen ? [chosen] : [];
}

function words(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function isOurLanguage(tag: string): boolean {
  return tag.toLowerCase() === LANGUAGE || tag.toLowerCase().startsWith(`${LANGUAGE}-`);
}
