import type { Stroke } from "../../shared/drawing.ts";
import { PlottyError } from "../../shared/errors.ts";
import { boundsOf, type Polyline } from "../../shared/geometry.ts";
import type { ReadSettings } from "../../shared/plot-settings.ts";
import { MM_PER_PX } from "../../shared/units.ts";
import { chosenChildren, conditionsHold } from "./conditions.ts";
import type { ReferenceBox } from "./css-transform.ts";
import { elementTransform } from "./element-transform.ts";
import { Flattener, type Outline } from "./flatten.ts";
import { LayerBook } from "./layers.ts";
import { type LengthBasis, parseLength } from "./length.ts";
import { IDENTITY, isFiniteMatrix, type Matrix, multiply, scaling, translation } from "./matrix.ts";
import { counted, Notes } from "./notes.ts";
import type { PageBox } from "./page.ts";
import { isNone } from "./paint.ts";
import { drawShape, SHAPES } from "./shapes.ts";
import { type Cascaded, cascade, computeStyle, INITIAL_STYLE, type Style } from "./style.ts";
import type { Stylesheet } from "./stylesheet.ts";
import { layOutText, type PlacedGlyph } from "./text-layout.ts";
import { attribute, describe, type SvgNode } from "./tree.ts";
import { enterUse, type UseChain, UseTargets } from "./uses.ts";
import { parseViewBox, viewBoxTransform } from "./viewport.ts";

/** Elements that `use` shows, counted each time. */
const MAX_USED = 400_000;
const MAX_STROKES = 1_000_000;

/** What an element finds around it. */
interface Scope {
  readonly toMm: Matrix;
  readonly style: Style;
  readonly basis: LengthBasis;
  /** Of the nearest `svg`: what `transform-origin` and per cents of transforms refer to. */
  readonly box: ReferenceBox;
  /** -1 outside all layers. */
  readonly layer: number;
  readonly uses: UseChain | null;
}

interface Shared {
  /** Of elements, as far as they are known. */
  readonly boxes: Map<SvgNode, ReferenceBox>;
  used: number;
}

/** Elements of one parent that are still to be drawn. */
interface Frame {
  readonly nodes: readonly SvgNode[];
  readonly scope: Scope;
  next: number;
}

/** Walks the tree as a browser renders it and collects the strokes. Without recursion: files may be nested deep. */
export class TreeDrawer {
  readonly strokes: Stroke[] = [];
  readonly layers: LayerBook;
  readonly #root: SvgNode;
  readonly #sheet: Stylesheet;
  readonly #notes: Notes;
  readonly #targets: UseTargets;
  readonly #flattener: Flattener;
  readonly #frames: Frame[] = [];
  readonly #cascaded: Cascaded = new Map();
  /** Of the shape being drawn. */
  #layer = 0;
  #color = "";
  #drawsDots = false;
  #measures = false;
  readonly #shared: Shared;

  /** @param shared with the drawers that measure boxes for this one */
  constructor(
    root: SvgNode,
    sheet: Stylesheet,
    settings: ReadSettings,
    notes: Notes,
    shared: Shared = { boxes: new Map(), used: 0 },
  ) {
    this.#shared = shared;
    this.#root = root;
    this.#sheet = sheet;
    this.#notes = notes;
    this.#targets = new UseTargets(root);
    this.layers = new LayerBook(root, settings.layers);
    this.#flattener = new Flattener(settings.toleranceMm, (outline) => this.#collect(outline));
  }

  draw(page: PageBox): void {
    const { toPage, viewBox } = page;
    const cascaded = cascade(this.#root, this.#sheet, this.#cascaded);
    if (!toPage || isHidden(cascaded) || !conditionsHold(this.#root)) return;
    const width = viewBox?.width ?? page.width;
    const height = viewBox?.height ?? page.height;
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
    const pageBox = { minX: 0, minY: 0, maxX: page.width, maxY: page.height };
    const own = elementTransform(this.#root, centred(cascaded), basis, pageBox, () => pageBox);
    const toMm = multiply(scaling(MM_PER_PX, MM_PER_PX), multiply(own, toPage));
    const box = boxOf(viewBox?.x ?? 0, viewBox?.y ?? 0, width, height);
    this.#push(this.#root.children, { toMm, style, basis, box, layer: -1, uses: null });
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
    if (!conditionsHold(node)) return;
    const cascaded = cascade(node, this.#sheet, this.#cascaded);
    const layer = this.layers.layerOf(node);
    if (isHidden(cascaded)) {
      if (layer) this.#notes.add(`the hidden layer "${layer.name}" is not drawn`);
      return;
    }
    if (layer?.name.trimStart().startsWith("%")) {
      this.#notes.add(`the layer "${layer.name}" is documentation and is not drawn`);
      return;
    }
    const scope = this.#enter(node, cascaded, outer, layer?.index ?? outer.layer);
    if (!isFiniteMatrix(scope.toMm)) return;
    if (isShape) this.#drawShape(node, cascaded, scope);
    else this.#visitContainer(node, cascaded, scope, user);
  }

  #visitContainer(node: SvgNode, cascaded: Cascaded, scope: Scope, user: SvgNode | null): void {
    const { name } = node;
    if (name === "g" || name === "a") this.#push(node.children, scope);
    else if (name === "switch") this.#push(chosenChildren(node), scope);
    else if (name === "svg" || name === "symbol") this.#enterViewport(node, cascaded, scope, user);
    else if (name === "use") this.#use(node, cascaded, scope);
    else if (name === "text") this.#drawText(node, scope);
    else this.#notes.tally(name, "", (count) => `${counted(count, NOUNS[name]!)} left out`);
  }

  #enter(node: SvgNode, cascaded: Cascaded, outer: Scope, layer: number): Scope {
    const style = computeStyle(cascaded, outer.style, outer.basis);
    const basis =
      style.fontSize === outer.basis.fontSize ? outer.basis : { ...outer.basis, fontSize: style.fontSize };
    const own = elementTransform(node, cascaded, basis, outer.box, () =>
      this.#ownBox(node, { ...outer, style, basis }),
    );
    return { toMm: multiply(outer.toMm, own), style, basis, box: outer.box, layer, uses: outer.uses };
  }

  /** The box of all that an element draws, in its own user units; CSS asks for it with `transform-box: fill-box`. */
  #ownBox(node: SvgNode, outer: Scope): ReferenceBox {
    const known = this.#shared.boxes.get(node);
    if (known) return known;
    // A box within itself, by way of a use, counts as empty.
    this.#shared.boxes.set(node, boxOf(0, 0, 0, 0));
    const measurer = new TreeDrawer(this.#root, this.#sheet, MEASURING, new Notes(), this.#shared);
    const box = measurer.#measure(node, { ...outer, toMm: IDENTITY });
    this.#shared.boxes.set(node, box);
    return box;
  }

  #measure(node: SvgNode, scope: Scope): ReferenceBox {
    const cascaded = cascade(node, this.#sheet, this.#cascaded);
    this.#measures = true;
    if (SHAPES.has(node.name)) this.#drawShape(node, cascaded, scope);
    else if (isDrawable(node.name)) this.#visitContainer(node, cascaded, scope, null);
    this.#run();
    const box = boundsOf(this.strokes.map((stroke) => stroke.points));
    return box.minX <= box.maxX ? box : boxOf(0, 0, 0, 0);
  }

  #drawShape(node: SvgNode, cascaded: Cascaded, scope: Scope): void {
    const { style } = scope;
    if (!this.#paints(style)) return;
    this.#color = visibleColor(style);
    this.#layer = scope.layer;
    this.#drawsDots = style.linecap !== "butt" && !isNone(style.stroke);
    this.#flattener.begin(scope.toMm);
    const problem = drawShape(sourceOf(node, cascaded, scope.basis), this.#flattener);
    this.#flattener.end();
    if (problem) {
      this.#notes.tally("error", `${describe(node)} ${problem}`, (count, first) =>
        count === 1 ? first : `${count} shapes have errors; the first: ${first}`,
      );
    }
  }

  #drawText(node: SvgNode, scope: Scope): void {
    const { glyphs, missing } = layOutText(node, scope.style, scope.basis, (span, parent) => {
      const cascaded = cascade(span, this.#sheet, new Map());
      return isHidden(cascaded) ? undefined : computeStyle(cascaded, parent, scope.basis);
    });
    this.#layer = scope.layer;
    this.#drawsDots = false;
    for (const glyph of glyphs) if (this.#paints(glyph.style)) this.#drawGlyph(glyph, scope);
    this.#notes.add("text is drawn in a single-stroke font (Hershey)");
    for (let i = 0; i < missing; i++) {
      this.#notes.tally(
        "glyph",
        "",
        (count) => `${counted(count, "character")} that the font does not have left out`,
      );
    }
  }

  #drawGlyph({ polylines, style, x, y }: PlacedGlyph, scope: Scope): void {
    const size = style.fontSize;
    this.#color = visibleColor(style);
    this.#flattener.begin(scope.toMm);
    for (const numbers of polylines) {
      this.#flattener.moveTo(x + numbers[0]! * size, y + numbers[1]! * size);
      for (let i = 2; i < numbers.length; i += 2) {
        this.#flattener.lineTo(x + numbers[i]! * size, y + numbers[i + 1]! * size);
      }
    }
    this.#flattener.end();
  }

  /** Measuring, what is hidden or without paint counts too. */
  #paints(style: Style): boolean {
    return this.#measures || (style.visible && !(isNone(style.stroke) && isNone(style.fill)));
  }

  #collect({ points }: Outline): void {
    // A browser shows a subpath without length only by its round or square caps.
    if (points.length === 2 && !this.#drawsDots) return;
    if (!allFinite(points)) {
      this.#notes.tally(
        "infinite",
        "",
        (count) => `${counted(count, "stroke")} with coordinates beyond all numbers left out`,
      );
      return;
    }
    const layer = this.layers.place(this.#layer, this.#color);
    this.strokes.push({ points, layer, color: this.#color });
    if (this.strokes.length > MAX_STROKES) throw tooManyStrokes();
  }

  #enterViewport(node: SvgNode, cascaded: Cascaded, scope: Scope, user: SvgNode | null): void {
    const { basis } = scope;
    // A use sets the size of the symbol or svg that it shows.
    const size = (name: "width" | "height", axis: "x" | "y"): number => {
      const used = user ? parseLength(attribute(user, name), axis, basis) : undefined;
      const own = node.name === "symbol" ? undefined : parseLength(cascaded.get(name), axis, basis);
      return used ?? own ?? (axis === "x" ? basis.viewportWidth : basis.viewportHeight);
    };
    const width = size("width", "x");
    const height = size("height", "y");
    const viewBox = parseViewBox(attribute(node, "viewBox"));
    const fitted = viewBoxTransform(viewBox, attribute(node, "preserveAspectRatio"), width, height);
    if (!(width > 0 && height > 0) || !fitted) return;
    const isSvg = node.name === "svg";
    const x = isSvg ? (parseLength(cascaded.get("x"), "x", basis) ?? 0) : 0;
    const y = isSvg ? (parseLength(cascaded.get("y"), "y", basis) ?? 0) : 0;
    const innerWidth = viewBox?.width ?? width;
    const innerHeight = viewBox?.height ?? height;
    this.#push(node.children, {
      ...scope,
      toMm: multiply(scope.toMm, multiply(translation(x, y), fitted)),
      basis: { ...basis, viewportWidth: innerWidth, viewportHeight: innerHeight },
      box: boxOf(viewBox?.x ?? 0, viewBox?.y ?? 0, innerWidth, innerHeight),
    });
  }

  #use(node: SvgNode, cascaded: Cascaded, scope: Scope): void {
    const target = this.#targets.find(node);
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
const MEASURING: ReadSettings = { toleranceMm: 0.001, layers: "inkscape" };

const NOUNS: Readonly<Record<string, string>> = {
  image: "image",
  foreignObject: "foreign object",
  video: "video",
  audio: "sound",
  canvas: "canvas",
  iframe: "frame",
};
const CONTAINERS = new Set(["g", "a", "switch", "svg", "use", "text"]);

/** A sum of finite numbers of this size is finite. */
function allFinite(points: Polyline): boolean {
  let sum = 0;
  for (let i = 0; i < points.length; i++) sum += points[i]!;
  return Number.isFinite(sum);
}

function isDrawable(name: string): boolean {
  return CONTAINERS.has(name) || name in NOUNS;
}

function isHidden(cascaded: Cascaded): boolean {
  return /^none$/i.test(cascaded.get("display") ?? "");
}

function visibleColor(style: Style): string {
  const paint = isNone(style.stroke) ? style.fill : style.stroke;
  return /^currentcolor$/i.test(paint) ? style.color : paint;
}

function sourceOf(node: SvgNode, cascaded: Cascaded, basis: LengthBasis) {
  return {
    name: node.name,
    basis,
    get: (property: string) => cascaded.get(property) ?? attribute(node, property),
  };
}

function boxOf(x: number, y: number, width: number, height: number): ReferenceBox {
  return { minX: x, minY: y, maxX: x + width, maxY: y + height };
}

/** The outermost svg is a CSS box: its transforms turn around the middle unless told otherwise. */
function centred(cascaded: Cascaded): Cascaded {
  return cascaded.has("transform-origin")
    ? cascaded
    : new Map([...cascaded, ["transform-origin", "50% 50%"]]);
}

function tooManyStrokes(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the drawing has more than ${MAX_STROKES / 1e6} million strokes: split it into several files`,
  );
}

function tooMuchDrawn(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `use elements unfold the drawing into more than ${MAX_USED} elements`,
  );
}
