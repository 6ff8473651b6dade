import { PlottyError } from "../../shared/errors.ts";

/** Where the parser stopped. */
export interface Place {
  /** Counted from 1. */
  readonly line: number;
  /** The text that was being read, a tag at most. */
  readonly text: string;
  /** The element that a wrong end tag has closed. */
  readonly open: string;
}

const MAX_SHOWN = 60;

/**
 * One sentence for a file that is not XML: what is wrong, in which line, what to do.
 *
 * @param message the parser's own
 */
export function malformed(message: string, place: Place): PlottyError {
  const { line } = place;
  const what = explain(message.replace(/^(?:undefined:)?\d*:?\d*: ?/, "").replace(/\.$/, ""), place);
  return new PlottyError(
    "svg.unreadable",
    `the SVG is not well-formed XML, line ${line}: ${what}; mend that line, or save the drawing anew from its program`,
    { line },
  );
}

function explain(what: string, { text, open }: Place): string {
  const shown = text.replace(/\s+/g, " ").trim();
  const entity = /&([^;\s<&]{0,40});/.exec(text.slice(text.lastIndexOf("&")))?.[1];
  if (what === "undefined entity" && entity !== undefined) return `nothing defines the entity "&${entity};"`;
  if (what === "unexpected close tag" && open !== "")
    return `${shortened(shown)} stands where <${shortened(open)}> is still open`;
  const unclosed = /^unclosed tag: (.*)$/s.exec(what)?.[1];
  if (unclosed !== undefined)
    return `the file ends while <${shortened(unclosed)}> is still open, so it may not be complete`;
  return shown === "" ? what : `${what}, at ${shortened(shown)}`;
}

/** The end of it: there the parser stopped. */
function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `…${text.slice(-MAX_SHOWN)}` : text;
}
