import { PlottyError } from "../../shared/errors.ts";
import { boundsOf } from "../../shared/geometry.ts";
import { chosenChildren, conditionsHold } from "./conditions.ts";
import type { ReferenceBox } from "./css-transform.ts";
import { elementTransform } from "./element-transform.ts";
import { Ink, type LayerChoice } from "./ink.ts";
import { parseLength } from "./length.ts";
import { IDENTITY, isFiniteMatrix, largestStretch, multiply, translation } from "./matrix.ts";
import { counted, Notes } from "./notes.ts";
import type { PageBox } from "./page.ts";
import { PlainShapes } from "./plain-shapes.ts";
import { isDrawable, isHidden, isNoLink, NOUNS } from "./rendered.ts";
import { rootScope } from "./root-scope.ts";
import { boxOf, innerScope, type Scope } from "./scope.ts";
import { pathData, SHAPES } from "./shapes.ts";
import { type Cascaded, cascade, computeStyle } from "./style.ts";
import { NO_STYLES, type Stylesheet } from "./stylesheet.ts";
import type { Course } from "./text-line.ts";
import { courseOf } from "./text-on-path.ts";
import type { Tracks } from "./tracks.ts";
import { attribute, type SvgNode } from "./tree.ts";
import { enterUse, type UseTargets } from "./uses.ts";

/** Elements that `use` shows, counted each time. */
const MAX_USED = 400_000;

/** One drawing, and what is shared with the drawers that measure boxes for it. */
interface Shared {
  readonly root: SvgNode;
  readonly sheet: Stylesheet;
  readonly targets: UseTargets;
  /** Of elements, as far as they are known. */
  readonly boxes: Map<SvgNode, ReferenceBox>;
  readonly tracks: Tracks;
  used: number;
  /** Boxes being measured, one for the sake of the other. */
  measuring: number;
}

/** Begins a layer at an element, or not. */
export interface LayerFinder {
  layerOf(node: SvgNode): { index: number; name: string } | undefined;
}

/** Elements of one parent that are still to be drawn. */
interface Frame {
  readonly nodes: readonly SvgNode[];
  readonly scope: Scope;
  next: number;
}

/** Walks the tree as a browser renders it and inks what is shown. Without recursion: files may be nested deep. */
export class TreeDrawer {
  readonly #shared: Shared;
  readonly #ink: Ink;
  readonly #layers: LayerFinder;
  readonly #notes: Notes;
  readonly #frames: Frame[] = [];
  readonly #cascaded: Cascaded = new Map();
  /** No style sheet says anything about any element. */
  readonly #isPlain: boolean;
  readonly #plainShapes = new PlainShapes();

  constructor(shared: Shared, ink: Ink, layers: LayerFinder, notes: Notes) {
    this.#shared = shared;
    this.#isPlain = shared.sheet === NO_STYLES;
    this.#ink = ink;
    this.#layers = layers;
    this.#notes = notes;
  }

  draw(page: PageBox): void {
    const { root, sheet } = this.#shared;
    const cascaded = cascade(root, sheet, this.#cascaded);
    if (!page.toPage || isHidden(cascaded, "svg")) return;
    this.#push(root.children, rootScope(root, cascaded, { ...page, toPage: page.toPage }));
    this.#run();
  }

  #push(nodes: readonly SvgNode[], scope: Scope): void {
    if (nodes.length > 0) this.#frames.push({ nodes, scope, next: 0 });
  }

  #run(): void {
    const frames = this.#frames;
    while (frames.length > 0) {
      const frame = frames[frames.length - 1]!;
      const node = frame.nodes[frame.next++]!;
      if (frame.next === frame.nodes.length) frames.pop();
      if (node.name !== "") this.#visit(node, frame.scope, null);
    }
  }

  /** @param user the `use` that shows this element, if one does directly */
  #visit(node: SvgNode, outer: Scope, user: SvgNode | null): void {
    if (outer.uses && ++this.#shared.used > MAX_USED) throw tooMuchDrawn();
    const { name } = node;
    const isShape = SHAPES.has(name);
    if (!isShape && !isDrawable(name) && !(user && name === "symbol")) return;
    if (isShape && this.#isPlain && this.#drawPlain(node, outer)) return;
    if (!conditionsHold(node)) return;
    const cascaded = cascade(node, this.#shared.sheet, this.#cascaded);
    const layer = this.#layers.layerOf(node);
    if (isHidden(cascaded, name)) {
      if (layer) this.#notes.add(`the hidden layer "${layer.name}" is not drawn`);
      return;
    }
    if (layer?.name.trimStart().startsWith("%")) {
      this.#notes.add(`the layer "${layer.name}" is documentation and is not drawn`);
      return;
    }
    const scope = this.#enter(node, cascaded, outer, layer?.index ?? outer.layer);
    if (!isFiniteMatrix(scope.toMm)) return;
    if (isShape) this.#ink.drawShape(node, cascaded, scope);
    else this.#visitContainer(node, cascaded, scope, user);
  }

  /** @returns false when it is not that plain */
  #drawPlain(node: SvgNode, outer: Scope): boolean {
    const style = this.#plainShapes.styleOf(node, outer.style, outer.basis);
    if (!style) return false;
    if (isFiniteMatrix(outer.toMm)) this.#ink.drawShape(node, NOTHING_CASCADED, outer, style);
    return true;
  }

  #visitContainer(node: SvgNode, cascaded: Cascaded, scope: Scope, user: SvgNode | null): void {
    const { name } = node;
    if (name === "g") this.#push(node.children, scope);
    else if (name === "a") this.#push(node.children.filter(isNoLink), scope);
    else if (name === "switch") this.#push(chosenChildren(node), scope);
    else if (name === "svg" || name === "symbol") this.#enterViewport(node, scope, user);
    else if (name === "use") this.#use(node, cascaded, scope);
    else if (name === "text") this.#drawText(node, scope);
    else this.#notes.tally(name, "", (count) => `${counted(count, NOUNS[name]!)} left out`);
  }

  #enter(node: SvgNode, cascaded: Cascaded, outer: Scope, layer: number): Scope {
    const style = computeStyle(cascaded, outer.style, outer.basis);
    const basis =
      style.fontSize === outer.basis.fontSize ? outer.basis : { ...outer.basis, fontSize: style.fontSize };
    if (cascaded.get("transform") === "inherit") this.#inheritTransform(node, cascaded);
    const own = elementTransform(node, cascaded, basis, outer.box, () =>
      this.#ownBox(node, { ...outer, style, basis }),
    );
    return { toMm: multiply(outer.toMm, own), style, basis, box: outer.box, layer, uses: outer.uses };
  }

  /** Transforms are not inherited unless one asks for it. */
  #inheritTransform(node: SvgNode, cascaded: Cascaded): void {
    cascaded.set("transform", "none");
    for (let up = node.parent; up; up = up.parent) {
      const outer = cascade(up, this.#shared.sheet, new Map()).get("transform");
      if (outer === "inherit") continue;
      if (outer !== undefined) cascaded.set("transform", outer);
      return;
    }
  }

  /** The box of all that an element draws, in its own user units; CSS asks for it with `transform-box: fill-box`. */
  #ownBox(node: SvgNode, outer: Scope): ReferenceBox {
    const shared = this.#shared;
    const known = shared.boxes.get(node);
    if (known) return known;
    // A box within itself, by way of a use, counts as empty.
    shared.boxes.set(node, boxOf(0, 0, 0, 0));
    if (shared.measuring >= MAX_MEASURING) return boxOf(0, 0, 0, 0);
    shared.measuring++;
    const ink = new Ink(NO_LAYERS, MEASURE_TOLERANCE, new Notes(), true);
    new TreeDrawer(shared, ink, NO_LAYERS, new Notes()).#drawOne(node, { ...outer, toMm: IDENTITY });
    shared.measuring--;
    const box = boundsOf(ink.strokes.map((stroke) => stroke.points));
    if (box.minX <= box.maxX) shared.boxes.set(node, box);
    return shared.boxes.get(node)!;
  }

  /** An element without its own transform. */
  #drawOne(node: SvgNode, scope: Scope): void {
    const cascaded = cascade(node, this.#shared.sheet, this.#cascaded);
    if (SHAPES.has(node.name)) this.#ink.drawShape(node, cascaded, scope);
    else if (isDrawable(node.name)) this.#visitContainer(node, cascaded, scope, null);
    this.#run();
  }

  #enterViewport(node: SvgNode, scope: Scope, user: SvgNode | null): void {
    const inner = innerScope(node, scope, user);
    if (inner) this.#push(node.children, inner);
  }

  #drawText(node: SvgNode, scope: Scope): void {
    this.#ink.drawText(node, scope, {
      styleOf: (span, parent) => {
        const cascaded = cascade(span, this.#shared.sheet, new Map());
        return isHidden(cascaded, "g") ? undefined : computeStyle(cascaded, parent, scope.basis);
      },
      courseOf: (textPath, style) => this.#courseOf(textPath, { ...scope, style }),
    });
  }

  /** A path of the `textPath`'s own comes before one that it refers to, whose own transform counts. */
  #courseOf(textPath: SvgNode, scope: Scope): Course | undefined {
    const hasOwn = (attribute(textPath, "path") ?? "").trim() !== "";
    const target = hasOwn ? undefined : this.#shared.targets.find(textPath);
    if (!hasOwn && target?.name !== "path") return undefined;
    const basis = { ...scope.basis, fontSize: scope.style.fontSize };
    const track = this.#shared.tracks.of(target ?? textPath, largestStretch(scope.toMm), () => {
      if (!target) return { d: attribute(textPath, "path")!, own: IDENTITY };
      const cascaded = cascade(target, this.#shared.sheet, new Map());
      const own = elementTransform(target, cascaded, basis, scope.box, () => this.#ownBox(target, scope));
      return { d: pathData(cascaded.get("d")) ?? "", own };
    });
    return courseOf(textPath, track, target, basis);
  }

  #use(node: SvgNode, cascaded: Cascaded, scope: Scope): void {
    const target = this.#shared.targets.find(node);
    if (!target) {
      const href = attribute(node, "href") ?? attribute(node, "xlink:href") ?? "";
      this.#notes.tally(
        "use",
        href,
        (count, first) =>
          `${counted(count, "use")} of nothing in this file left out ("${first.slice(0, 60)}")`,
      );
      return;
    }
    const x = parseLength(cascaded.get("x"), "x", scope.basis) ?? 0;
    const y = parseLength(cascaded.get("y"), "y", scope.basis) ?? 0;
    const inner = {
      ...scope,
      toMm: multiply(scope.toMm, translation(x, y)),
      uses: enterUse(target, scope.uses),
    };
    this.#visit(target, inner, node);
  }
}

/** In user units, for boxes. */
const MEASURE_TOLERANCE = 0.001;
const MAX_MEASURING = 50;
const NOTHING_CASCADED: Cascaded = new Map();
const NO_LAYERS: LayerFinder & LayerChoice = { layerOf: () => undefined, place: () => 0 };

function tooMuchDrawn(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `use elements unfold the drawing into more than ${MAX_USED} elements`,
  );
}
