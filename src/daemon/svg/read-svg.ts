import type { Drawing } from "../../shared/drawing.ts";
import type { ReadSettings } from "../../shared/plot-settings.ts";
import { MM_PER_PX } from "../../shared/units.ts";
import { TreeDrawer } from "./draw-tree.ts";
import { Ink } from "./ink.ts";
import { LayerBook } from "./layers.ts";
import { Notes } from "./notes.ts";
import { type PageBox, pageOf } from "./page.ts";
import { parseXml } from "./parse-xml.ts";
import type { SvgSource } from "./source-text.ts";
import { type Cascaded, cascade, computeStyle, INITIAL_STYLE } from "./style.ts";
import { readStylesheets } from "./stylesheet.ts";
import { Tracks } from "./tracks.ts";
import { attribute } from "./tree.ts";
import { UseTargets } from "./uses.ts";

/**
 * From an SVG file to strokes in mm on the drawing's own page, as a browser shows it: every rendered shape whose stroke
 * or fill is not `none`, once, along its outline. 96 px are one inch.
 *
 * @param svg bytes of a file (UTF-8, UTF-16, gzip), at once or in pieces, or its text
 * @throws PlottyError `svg.unreadable` (not XML, not SVG, external or endless references) or `svg.too-complex`
 * (nesting, entities, `use` or curves that would unfold without measure)
 */
export function readSvg(svg: SvgSource, settings: ReadSettings): Drawing {
  const notes = new Notes();
  const root = parseXml(svg);
  // Media queries ask for the size of the page, which style sheets may set: they see the one of the attributes.
  const unstyled = pageOf(root, (name) => attribute(root, name));
  const sheet = readStylesheets(root, notes, unstyled.width, unstyled.height);
  const cascaded = cascade(root, sheet, new Map());
  const page = pageOf(root, (name) => cascaded.get(name), rootFontSize(cascaded, unstyled));
  const book = new LayerBook(root, settings.layers);
  const ink = new Ink(book, settings.toleranceMm, notes);
  const shared = {
    root,
    sheet,
    targets: new UseTargets(root),
    boxes: new Map(),
    tracks: new Tracks(),
    used: 0,
    measuring: 0,
  };
  new TreeDrawer(shared, ink, book, notes).draw(page);
  const { layers, strokes } = book.finish(ink.strokes);
  if (page.isGuessed)
    notes.add("the SVG does not say how large it is: 1 unit is drawn as 1 px (96 to the inch)");
  return {
    page: { widthMm: page.width * MM_PER_PX, heightMm: page.height * MM_PER_PX },
    layers,
    strokes,
    notes: notes.toArray(),
  };
}

function rootFontSize(cascaded: Cascaded, { width, height }: PageBox): number {
  const { fontSize } = INITIAL_STYLE;
  const page = { viewportWidth: width, viewportHeight: height, pageWidth: width, pageHeight: height };
  return computeStyle(cascaded, INITIAL_STYLE, { ...page, fontSize, rootFontSize: fontSize }).fontSize;
}
