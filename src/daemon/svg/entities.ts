import { PlottyError } from "../../shared/errors.ts";

/** All text that entities may unfold into, per file. Real files use a few hundred characters. */
const MAX_EXPANDED = 2_000_000;
const MAX_ENTITY_DEPTH = 32;

const DECLARATION = /<!ENTITY\s+(%\s+)?([^\s"'>]+)\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')/g;
const COMMENT = /<!--[\s\S]*?-->/g;

/**
 * The entities that a document type declares, unfolded.
 *
 * @param doctype the text between `<!DOCTYPE` and its `>`
 * @throws PlottyError `svg.unreadable` for an external entity or one that contains itself, `svg.too-complex` for a bomb
 */
export function readEntities(doctype: string): Map<string, string> {
  const declared = new Map<string, string>();
  for (const [, percent, name, external, double, single] of doctype
    .replace(COMMENT, "")
    .matchAll(DECLARATION)) {
    if (external) throw externalEntity(name!);
    if (!percent && !declared.has(name!)) declared.set(name!, unfoldCharacters(double ?? single ?? ""));
  }
  const unfolded = new Map<string, string>();
  for (const name of declared.keys()) unfolded.set(name, unfold(name, declared, unfolded, 0));
  return unfolded;
}

function externalEntity(name: string): PlottyError {
  return new PlottyError(
    "svg.unreadable",
    `the file declares an external entity, "${name}": plotty fetches nothing, so write its text into the file`,
    { entity: name },
  );
}

/** Counts what the references of a document unfold into, against the bomb that is one entity used a million times. */
export class ExpansionBudget {
  #left = MAX_EXPANDED;

  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) throw entityBomb();
  }
}

function entityBomb(): PlottyError {
  return new PlottyError(
    "svg.too-complex",
    `the file's entities unfold into more than ${MAX_EXPANDED / 1e6} million characters: it looks like an entity bomb`,
  );
}

/** Character references are replaced where an entity is declared, all others where it is used (XML 1.0, 4.4). */
function unfoldCharacters(value: string): string {
  return value.replace(/&#(?:x([0-9a-fA-F]+)|(\d+));/g, (whole, hex, decimal) => {
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function unfold(
  name: string,
  declared: ReadonlyMap<string, string>,
  done: Map<string, string>,
  depth: number,
): string {
  const known = done.get(name);
  if (known !== undefined) return known;
  if (depth > MAX_ENTITY_DEPTH) {
    throw new PlottyError("svg.unreadable", `the entity "${name}" contains itself, or is nested too deep`, {
      entity: name,
    });
  }
  const parts: string[] = [];
  let length = 0;
  for (const part of declared.get(name)!.split(/(&[^\s&;]+;)/)) {
    const reference = part.startsWith("&") && part.endsWith(";") ? part.slice(1, -1) : "";
    const text = declared.has(reference) ? unfold(reference, declared, done, depth + 1) : part;
    length += text.length;
    if (length > MAX_EXPANDED) throw entityBomb();
    parts.push(text);
  }
  const text = parts.join("");
  done.set(name, text);
  return text;
}

const REFERENCE = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|&([^\s&;#]+);/g;

/**
 * Writes the entities into the text that follows the document type. Needed where an entity holds markup, which has to be
 * parsed as if it stood there.
 */
export function writeOutEntities(text: string, entities: ReadonlyMap<string, string>): string {
  const budget = new ExpansionBudget();
  return text.replace(REFERENCE, (whole, name: string | undefined) => {
    const value = name === undefined ? undefined : entities.get(name);
    if (value === undefined) return whole;
    budget.spend(value.length);
    // A quote in a value used inside an attribute does not end the attribute.
    return value.includes("<") ? value : value.replaceAll('"', "&#34;").replaceAll("'", "&#39;");
  });
}
