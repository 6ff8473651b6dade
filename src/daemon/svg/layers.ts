import type { Layer, Stroke } from "../../shared/drawing.ts";
import type { LayerSource } from "../../shared/plot-settings.ts";
import { colorKey } from "./paint.ts";
import { attribute, type SvgNode } from "./tree.ts";

/** Sorts strokes into layers while a drawing is read. Layers keep the order in which the document begins them. */
export class LayerBook {
  readonly #source: LayerSource | "none";
  readonly #names: string[] = [];
  readonly #strokesIn: number[] = [];
  readonly #byNode = new Map<SvgNode, number>();
  readonly #byColor = new Map<string, number>();
  #unnamed = -1;

  /** Inkscape's layers always count; `source` says what does where there are none. */
  constructor(root: SvgNode, source: LayerSource) {
    this.#source = hasInkscapeLayers(root) ? "inkscape" : source === "inkscape" ? "none" : source;
  }

  /** @returns the layer that begins with this element, or undefined when it begins none */
  layerOf(node: SvgNode): { index: number; name: string } | undefined {
    if (!this.#beginsLayer(node)) return undefined;
    const name = attribute(node, "inkscape:label") ?? attribute(node, "id") ?? "";
    let index = this.#byNode.get(node);
    if (index === undefined) {
      index = this.#add(name);
      this.#byNode.set(node, index);
    }
    return { index, name };
  }

  /** @param layer of the groups around it, -1 outside all */
  place(layer: number, color: string): number {
    let index = layer;
    if (this.#source === "colors") index = this.#colorLayer(color);
    else if (layer < 0) {
      if (this.#unnamed < 0) this.#unnamed = this.#add("");
      index = this.#unnamed;
    }
    this.#strokesIn[index]!++;
    return index;
  }

  /** Leaves out the layers without strokes and numbers the others anew. */
  finish(strokes: readonly Stroke[]): { layers: Layer[]; strokes: Stroke[] } {
    const layers: Layer[] = [];
    const renumbered = this.#names.map((name, index) => {
      if (this.#strokesIn[index] === 0) return -1;
      layers.push({ index: layers.length, name, pauseBefore: name.trimStart().startsWith("!") });
      return layers.length - 1;
    });
    if (layers.length === 0) layers.push({ index: 0, name: "", pauseBefore: false });
    const same = renumbered.every((to, from) => to === from);
    if (same) return { layers, strokes: [...strokes] };
    return { layers, strokes: strokes.map((stroke) => ({ ...stroke, layer: renumbered[stroke.layer]! })) };
  }

  #beginsLayer(node: SvgNode): boolean {
    if (node.name !== "g") return false;
    if (this.#source === "inkscape") return isInkscapeLayer(node);
    return this.#source === "groups" && node.parent !== null && node.parent.parent === null;
  }

  #colorLayer(color: string): number {
    const key = colorKey(color);
    let index = this.#byColor.get(key);
    if (index === undefined) {
      index = this.#add(color);
      this.#byColor.set(key, index);
    }
    return index;
  }

  #add(name: string): number {
    this.#strokesIn.push(0);
    return this.#names.push(name) - 1;
  }
}

export function isInkscapeLayer(node: SvgNode): boolean {
  return node.name === "g" && attribute(node, "inkscape:groupmode") === "layer";
}

function hasInkscapeLayers(root: SvgNode): boolean {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (isInkscapeLayer(node)) return true;
    for (const child of node.children) if (child.children.length > 0) stack.push(child);
  }
  return false;
}
