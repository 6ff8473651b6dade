import { type Document, isMap, isNode, isScalar, type LineCounter } from "yaml";
import { PlottyError } from "../shared/errors.ts";

export type KeyPath = readonly PropertyKey[];

/** A configuration file that has been read, and where each of its keys stands. */
export class ConfigFile {
  readonly path: string;
  readonly values: Record<string, unknown>;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(path: string, document: Document, lines: LineCounter) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
    this.values = toValues(path, document);
  }

  /** Such as `config.yaml:3:5: ` (line and column), where the key stands; null when the file says nothing there. */
  at(keys: KeyPath): string | null {
    const place = this.place(keys);
    return place && `${this.path}:${place.line}:${place.column}: `;
  }

  /** Both counted from 1. */
  place(keys: KeyPath): { line: number; column: number } | null {
    const offset = this.#offset(keys);
    if (offset === null) return null;
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  #offset(keys: KeyPath): number | null {
    const last = keys.at(-1);
    const parent = this.#document.getIn(keys.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => (isScalar(key) ? key.value : key) === last);
      if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? null;
    }
    const node = this.#document.getIn(keys, true);
    return isNode(node) ? (node.range?.[0] ?? null) : null;
  }
}

function toValues(path: string, document: Document): Record<string, unknown> {
  const values = plainValue(document, `${path}:1`);
  if (values === null || values === undefined) return {};
  if (typeof values === "object" && !Array.isArray(values)) return values as Record<string, unknown>;
  const message = `${path}:1: a configuration is sections with keys, such as websocket: {port: 8766}`;
  throw new PlottyError("config.invalid", message, { file: path, line: 1 });
}

/** The document's value. What goes wrong here is aliases; the library's own words would quote the text. */
export function plainValue(document: Document, place: string): unknown {
  try {
    return document.toJS();
  } catch {
    throw new PlottyError(
      "config.invalid",
      `${place}: an alias (*) without its anchor (&), or too many; quote text with a *`,
    );
  }
}
