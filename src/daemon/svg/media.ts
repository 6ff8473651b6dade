import { splitTopLevel } from "./css-words.ts";
import { featureHolds } from "./media-features.ts";

/** Undefined: cannot be told, because a browser does not know it either; its opposite is then no more true. */
type Truth = boolean | undefined;

/**
 * Whether a list of media queries (Media Queries 4) holds for a drawing shown on a screen in its own size. What cannot be known of a
 * reader (a dark scheme, reduced motion) is taken as not so, as browsers do by default.
 */
export function mediaHolds(query: string, widthPx: number, heightPx: number): boolean {
  if (query.trim() === "") return true;
  const feature = (text: string): Truth => featureHolds(text, widthPx, heightPx);
  return splitTopLevel(query.toLowerCase(), ",").some((one) => queryHolds(one.trim(), feature));
}

/** `screen`, `not print and (…)`, or a condition alone. */
function queryHolds(query: string, feature: (text: string) => Truth): boolean {
  const typed = /^(?:(not|only)\s+)?([a-z-]+)(?:\s+and\s+(.*))?$/s.exec(query);
  if (!typed || query.startsWith("not (")) return conditionHolds(query, feature) === true;
  const [, prefix, type, condition] = typed as unknown as [string, string?, string?, string?];
  const isShown = type === "all" || type === "screen";
  const holds = isShown && (condition === undefined ? true : conditionHolds(condition, feature));
  return prefix === "not" ? holds === false : holds === true;
}

/**
 * Brackets joined by `and`, `or` and `not`, of media and of `@supports` alike.
 *
 * @param leaf says whether what stands in the innermost brackets, or a function, holds
 */
export function conditionHolds(text: string, leaf: (text: string) => Truth, depth = 0): Truth {
  if (depth > 32) return undefined;
  const words = splitTopLevel(text.trim(), " ").filter((word) => word !== "");
  const value = (word: string): Truth => {
    const inner = /^\((.*)\)$/s.exec(word)?.[1]?.trim();
    if (inner === undefined) return leaf(word);
    return /^(?:\(|not[\s(])/.test(inner) ? conditionHolds(inner, leaf, depth + 1) : leaf(word);
  };
  if (words[0] === "not") return words.length === 2 ? opposite(value(words[1]!)) : undefined;
  const joiner = words[1];
  if (joiner !== undefined && joiner !== "and" && joiner !== "or") return undefined;
  if (words.length % 2 === 0 || words.some((word, i) => i % 2 === 1 && word !== joiner)) return undefined;
  const values = words.filter((_, i) => i % 2 === 0).map(value);
  const decisive = joiner === "or";
  if (values.includes(decisive)) return decisive;
  return values.includes(undefined) ? undefined : !decisive;
}

function opposite(value: Truth): Truth {
  return value === undefined ? undefined : !value;
}
