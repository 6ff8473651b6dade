const SVG = "http://www.w3.org/2000/svg";

/** Namespaces whose attributes are asked for, under the prefix that everyone uses. */
const CANONICAL: Readonly<Record<string, string>> = {
  "http://www.w3.org/1999/xlink": "xlink",
  "http://www.inkscape.org/namespaces/inkscape": "inkscape",
  "http://www.w3.org/XML/1998/namespace": "xml",
};

/**
 * Which prefix means which namespace at a place. A file without namespaces is read as SVG, and an undeclared prefix means
 * what it usually means: browsers refuse such files, their authors do not know it.
 */
export class NamespaceScope {
  static readonly TOP = new NamespaceScope(new Map());
  readonly #uris: ReadonlyMap<string, string>;
  /** SVG has been declared here under some prefix: then only what uses it is SVG. */
  readonly #hasSvg: boolean;

  constructor(uris: ReadonlyMap<string, string>) {
    this.#uris = uris;
    this.#hasSvg = [...uris.values()].includes(SVG);
  }

  /** The scope inside an element with these attributes: this one when it declares nothing. */
  enter(attributes: Readonly<Record<string, string>>): NamespaceScope {
    let uris: Map<string, string> | undefined;
    for (const name in attributes) {
      if (!name.startsWith("xmlns")) continue;
      const prefix = name === "xmlns" ? "" : name[5] === ":" ? name.slice(6) : undefined;
      if (prefix === undefined) continue;
      uris ??= new Map(this.#uris);
      uris.set(prefix, attributes[name]!);
    }
    return uris ? new NamespaceScope(uris) : this;
  }

  /** Local name of an SVG element, `""` for one of another namespace. */
  svgName(name: string): string {
    const colon = name.indexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    const uri = this.#uris.get(prefix);
    const isSvg = uri ? uri === SVG : prefix === "" ? !this.#hasSvg : prefix === "svg";
    return isSvg ? name.slice(colon + 1) : "";
  }

  /** Name, value, name, value …, with the known namespaces under their usual prefix. */
  canonical(attributes: Readonly<Record<string, string>>): string[] {
    const list: string[] = [];
    for (const name in attributes) {
      list.push(name.includes(":") ? this.canonicalName(name) : name, attributes[name]!);
    }
    return list;
  }

  /** A prefixed name, with a known namespace under its usual prefix. */
  canonicalName(name: string): string {
    const colon = name.indexOf(":");
    const uri = this.#uris.get(name.slice(0, colon));
    const prefix = uri === undefined ? undefined : CANONICAL[uri];
    return prefix === undefined ? name : `${prefix}${name.slice(colon)}`;
  }
}
