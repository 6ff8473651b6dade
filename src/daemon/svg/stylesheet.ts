import type { Declaration } from "./declarations.ts";
import type { Notes } from "./notes.ts";
import type { SvgNode } from "./tree.ts";
export interface Stylesheet {
  declarationsFor(node: SvgNode): readonly Declaration[];
}
export const NO_STYLES: Stylesheet = { declarationsFor: () => [] };
export function readStylesheets(_root: SvgNode, _notes: Notes): Stylesheet {
  return NO_STYLES;
}
