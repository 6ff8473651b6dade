import { SaxesParser } from "saxes";
import { PlottyError } from "../../shared/errors.ts";
import { ExpansionBudget, readEntities, writeOutEntities } from "./entities.ts";
import { malformed } from "./malformed.ts";
import { NamespaceScope } from "./namespaces.ts";
import { readPlainElements } from "./plain-elements.ts";
import { type SvgSource, sourceText } from "./source-text.ts";
import type { SvgNode } from "./tree.ts";

/** Deeper nesting than any editor makes; browsers give up at the same depth. */
const MAX_DEPTH = 5000;
const MAX_ELEMENTS = 1_000_000;
/** Tags in a row without a plain element after them; then the rest of the piece is not searched for any. */
const MAX_MISSES = 100;
/** Characters between two tags, or of one: the parser holds them all. */
const MAX_RUN = 64_000_000;
/** Longer than that, it is no tag that could be shown for an error. */
const MAX_TAG = 2000;
const NO_CHILDREN: SvgNode[] = [];

/**
 * Parses an SVG file into a light tree.
 *
 * @throws PlottyError `svg.unreadable` (not XML, not SVG, external entities), `svg.too-complex` (too deep, too much)
 */
export function parseXml(svg: SvgSource): SvgNode {
  const builder = new TreeBuilder();
  if (builder.feed(sourceText(svg))) return builder.root();
  const whole = Array.from(sourceText(svg)).join("");
  const second = new TreeBuilder(false);
  second.feed([builder.withoutEntities(whole)]);
  return second.root();
}

class TreeBuilder {
  readonly #parser = new SaxesParser({ xmlns: false });
  readonly #budget = new ExpansionBudget();
  #root: SvgNode | undefined;
  #current: SvgNode | null = null;
  #scope = NamespaceScope.TOP;
  readonly #scopes: NamespaceScope[] = [];
  #depth = 0;
  #elements = 0;
  /** Inside `text` or `style`, whose characters count. */
  #textDepth = 0;
  #doctype = "";
  #entities: ReadonlyMap<string, string> | undefined;
  readonly #mayRestart: boolean;
  #mustRestart = false;
  /** A tag has just ended: what follows is the content of an element. */
  #tagEnded = false;
  /** Characters since the last `<`. */
  #run = 0;
  /** What the parser has been given last. */
  #piece = "";
  /** The element that was closed last: by a tag of another name, where the parser complains of that. */
  #closed = "";
  /** Lines that the parser did not see, for the messages of errors. */
  #plainLines = 0;

  /** @param mayRestart entities with markup are still to be written out */
  constructor(mayRestart = true) {
    this.#mayRestart = mayRestart;
    const parser = this.#parser;
    parser.on("error", (error) => this.#malformed(error));
    parser.on("doctype", (doctype) => this.#takeDoctype(doctype));
    parser.on("opentag", (tag) => this.#open(tag.name, tag.attributes as Record<string, string>));
    parser.on("closetag", () => this.#close());
    parser.on("text", (text) => this.#text(text));
    parser.on("cdata", (text) => this.#text(text));
  }

  /** @returns false when the file must be read again with its entities written out */
  feed(chunks: Iterable<string>): boolean {
    for (const chunk of chunks) {
      const open = chunk.lastIndexOf("<");
      this.#run = chunk.length - open - 1 + (open < 0 ? this.#run : 0);
      if (this.#run > MAX_RUN) throw tooLong();
      this.#feedChunk(chunk);
      if (this.#mustRestart) return false;
    }
    this.#piece = "";
    this.#parser.close();
    return true;
  }

  /** To the parser goes one tag at a time, and between them plain elements are looked for; as long as there are some. */
  #feedChunk(chunk: string): void {
    let misses = 0;
    for (let at = 0; at < chunk.length && !this.#mustRestart; ) {
      if (this.#tagEnded && this.#textDepth === 0 && this.#depth > 0) {
        const end = readPlainElements(chunk, at, this.#takePlain);
        misses = end === at ? misses + 1 : 0;
        for (
          let line = chunk.indexOf("\n", at);
          line >= 0 && line < end;
          line = chunk.indexOf("\n", line + 1)
        ) {
          this.#plainLines++;
        }
        at = end;
      }
      const close = misses > MAX_MISSES ? -1 : chunk.indexOf(">", at);
      const end = close < 0 ? chunk.length : close + 1;
      this.#tagEnded = false;
      this.#piece = chunk.slice(at, end);
      this.#parser.write(this.#piece);
      // After the rest of a chunk the parser may be anywhere.
      if (close < 0) this.#tagEnded = false;
      at = end;
    }
  }

  readonly #takePlain = (name: string, attributes: string[]): void => {
    if (this.#depth >= MAX_DEPTH) throw tooDeep();
    if (++this.#elements > MAX_ELEMENTS) throw tooManyElements();
    const scope = this.#scope;
    for (let i = 0; i < attributes.length; i += 2) {
      if (attributes[i]!.includes(":")) attributes[i] = scope.canonicalName(attributes[i]!);
    }
    const parent = this.#current!;
    parent.children.push({ name: scope.svgName(name), attributes, parent, children: NO_CHILDREN, text: "" });
  };

  root(): SvgNode {
    const root = this.#root;
    if (!root) throw new PlottyError("svg.unreadable", "there is no SVG in the file");
    return root;
  }

  withoutEntities(whole: string): string {
    const end = whole.indexOf(this.#doctype) + this.#doctype.length;
    return whole.slice(0, end) + writeOutEntities(whole.slice(end), this.#entities!);
  }

  #malformed(error: Error): never {
    const line = this.#parser.line + this.#plainLines;
    const text = this.#piece.length > MAX_TAG ? "" : this.#piece;
    throw malformed(error.message, { line, text, open: this.#closed });
  }

  #takeDoctype(doctype: string): void {
    this.#doctype = doctype;
    if (/^\s*html\b/i.test(doctype)) throw notSvg("html");
    const entities = readEntities(doctype);
    const holdsMarkup = [...entities.values()].some((value) => value.includes("<"));
    if (holdsMarkup && this.#mayRestart) {
      this.#entities = entities;
      this.#mustRestart = true;
    }
    for (const [name, value] of entities) this.#define(name, value);
  }

  #define(name: string, value: string): void {
    const budget = this.#budget;
    const text = unfoldPredefined(value);
    Object.defineProperty(this.#parser.ENTITIES, name, {
      get() {
        budget.spend(value.length + 1);
        return text;
      },
    });
  }

  #open(name: string, attributes: Record<string, string>): void {
    this.#tagEnded = true;
    if (++this.#depth > MAX_DEPTH) throw tooDeep();
    if (++this.#elements > MAX_ELEMENTS) throw tooManyElements();
    this.#scopes.push(this.#scope);
    this.#scope = this.#scope.enter(attributes);
    const local = this.#scope.svgName(name);
    if (!this.#root && local !== "svg") throw notSvg(name);
    const node: SvgNode = {
      name: local,
      attributes: this.#scope.canonical(attributes),
      parent: this.#current,
      children: [],
      text: "",
    };
    this.#root ??= node;
    this.#current?.children.push(node);
    this.#current = node;
    if (this.#textDepth > 0 || local === "text" || local === "style") this.#textDepth++;
  }

  #close(): void {
    this.#tagEnded = true;
    this.#depth--;
    if (this.#textDepth > 0) this.#textDepth--;
    this.#scope = this.#scopes.pop()!;
    this.#closed = this.#current!.name;
    this.#current = this.#current!.parent;
  }

  #text(text: string): void {
    if (this.#textDepth === 0 || text === "") return;
    this.#current!.children.push({ name: "", attributes: [], parent: this.#current, children: [], text });
  }
}

/** What is left in an unfolded entity are the five names that XML itself knows. */
function unfoldPredefined(value: string): string {
  const names: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  return value.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => names[name]!);
}

function notSvg(name: string): PlottyError {
  if (/^(?:\w+:)?svg$/.test(name)) {
    return new PlottyError("svg.unreadable", `the <${name}> of this file is not in the namespace of SVG`);
  }
  const what = /^(?:\w+:)?html$/i.test(name) ? "an HTML page" : `a document of <${name.slice(0, 40)}>`;
  return new PlottyError("svg.unreadable", `this is ${what}, not an SVG`);
}

function tooDeep(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `elements are nested more than ${MAX_DEPTH} deep: flatten the groups`,
  );
}

function tooLong(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `one element, comment or text has more than ${MAX_RUN / 1e6} million characters: split the drawing into several files`,
  );
}

function tooManyElements(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the drawing has more than ${MAX_ELEMENTS / 1e6} million elements: split it into several files`,
  );
}
