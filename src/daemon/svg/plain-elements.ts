/** Takes an element: name, then its attributes as name, value, name, value … */
export type TakeElement = (name: string, attributes: string[]) => void;

const OPEN = /[ \n\r\t]*<([A-Za-z]+)/y;
/** A value without references, without control characters and (so that the text of the file is what is meant) in ASCII. */
const ATTRIBUTE = /[ \n\r\t]+([A-Za-z][A-Za-z0-9:-]*)="([ !#-%'-;=-~\n\r\t]*)"/y;
const END = /[ \n\r\t]*\/>/y;
const LINE_SPACE = /\r\n|[\n\r\t]/g;

/**
 * Nearly all of a large drawing is one plain element after another: `<path d="…"/>`. They are read here, several times faster than
 * a whole XML parser can. Whatever is not that plain is left to the parser, as is everything that might be an error.
 *
 * @param at a place in the content of an element, between tags
 * @returns how far the plain elements reached
 */
export function readPlainElements(text: string, at: number, take: TakeElement): number {
  let done = at;
  for (;;) {
    OPEN.lastIndex = done;
    const open = OPEN.exec(text);
    if (!open) return done;
    let next = OPEN.lastIndex;
    const attributes: string[] = [];
    for (;;) {
      ATTRIBUTE.lastIndex = next;
      const match = ATTRIBUTE.exec(text);
      if (!match) break;
      next = ATTRIBUTE.lastIndex;
      attributes.push(match[1]!, match[2]!);
    }
    END.lastIndex = next;
    if (!END.test(text) || !isPlain(attributes)) return done;
    done = END.lastIndex;
    take(open[1]!, attributes);
  }
}

/** No name twice, no namespace declared; line breaks in values become spaces (XML 1.0, 3.3.3). */
function isPlain(attributes: string[]): boolean {
  for (let i = 0; i < attributes.length; i += 2) {
    const name = attributes[i]!;
    if (name.startsWith("xml")) return false;
    for (let j = 0; j < i; j += 2) if (attributes[j] === name) return false;
    const value = attributes[i + 1]!;
    if (value.length > 0 && LINE_SPACE.test(value)) attributes[i + 1] = value.replace(LINE_SPACE, " ");
    LINE_SPACE.lastIndex = 0;
  }
  return true;
}
