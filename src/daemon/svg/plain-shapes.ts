import { type Declaration, parseDeclarations } from "./declarations.ts";
import type { LengthBasis } from "./length.ts";
import { type Cascaded, cascade, computeStyle, type Style } from "./style.ts";
import { NO_STYLES } from "./stylesheet.ts";
import type { SvgNode } from "./tree.ts";

/** Attributes that say what a shape is, or nothing that a plotter would ask for. */
const SHAPE = new Set(
  (
    "id d points x y x1 y1 x2 y2 cx cy r rx ry width height pathLength stroke-width stroke-linejoin stroke-miterlimit stroke-opacity " +
    "stroke-dasharray stroke-dashoffset fill-opacity fill-rule opacity vector-effect shape-rendering inkscape:connector-curvature " +
    "sodipodi:nodetypes inkscape:label inkscape:path-effect inkscape:original-d"
  ).split(" "),
);
const PAINT = new Set(["fill", "stroke", "stroke-linecap"]);
const MAX_KNOWN = 1000;
const NOTHING: Cascaded = new Map();

/**
 * The style of shapes that have nothing but their geometry and their paint, in a drawing without style sheets: nearly all shapes of
 * nearly all large drawings. Those painted alike are styled once.
 */
export class PlainShapes {
  #parent: Style | undefined;
  readonly #known = new Map<string, Style>();

  /** @returns undefined for a shape that the whole cascade must look at */
  styleOf(node: SvgNode, parent: Style, basis: LengthBasis): Style | undefined {
    const { attributes } = node;
    let key = "";
    for (let i = 0; i < attributes.length; i += 2) {
      const name = attributes[i]!;
      const value = attributes[i + 1]!;
      if (value === "auto") return undefined;
      if (SHAPE.has(name)) continue;
      const isPaint = PAINT.has(name) || (name === "style" && parseDeclarations(value).every(isPaintOnly));
      if (!isPaint) return undefined;
      key += `${name}:${value};`;
    }
    return key === "" ? parent : this.#styleFor(key, node, parent, basis);
  }

  #styleFor(key: string, node: SvgNode, parent: Style, basis: LengthBasis): Style {
    if (parent !== this.#parent || this.#known.size > MAX_KNOWN) this.#known.clear();
    this.#parent = parent;
    let style = this.#known.get(key);
    if (!style) {
      style = computeStyle(cascade(node, NO_STYLES, NOTHING), parent, basis);
      NOTHING.clear();
      this.#known.set(key, style);
    }
    return style;
  }
}

function isPaintOnly({ property, value }: Declaration): boolean {
  return PAINT.has(property) && !value.includes("var(");
}
