/**
 * Whether a media query holds for a drawing shown on a screen in its own size. What cannot be known of a reader (a dark scheme,
 * reduced motion) is taken as not so, as browsers do by default.
 */
export function mediaHolds(query: string, widthPx: number, heightPx: number): boolean {
  if (query.trim() === "") return true;
  return query.split(",").some((one) => queryHolds(one.trim().toLowerCase(), widthPx, heightPx));
}

function queryHolds(query: string, widthPx: number, heightPx: number): boolean {
  const isNegated = /^not\s+(?!\()/.test(query);
  const rest = query.replace(/^(?:not|only)\s+(?!\()/, "");
  const parts = rest.split(/\s+and\s+/);
  const holds = parts.every((part) => partHolds(part.trim(), widthPx, heightPx));
  return isNegated ? !holds : holds;
}

function partHolds(part: string, widthPx: number, heightPx: number): boolean {
  const negated = /^not\s+(\(.*\))$/.exec(part);
  if (negated) return !partHolds(negated[1]!, widthPx, heightPx);
  if (!part.startsWith("(")) return part === "all" || part === "screen";
  const feature = /^\(\s*([a-z-]+)\s*(?::\s*([^)]*))?\)$/.exec(part);
  if (!feature) return false;
  const [, name, value] = feature as unknown as [string, string, string | undefined];
  const size = (text: string | undefined): number =>
    Number.parseFloat(text ?? "") * (/em\s*$/.test(text ?? "") ? 16 : 1);
  switch (name) {
    case "min-width":
      return widthPx >= size(value);
    case "max-width":
      return widthPx <= size(value);
    case "min-height":
      return heightPx >= size(value);
    case "max-height":
      return heightPx <= size(value);
    case "orientation":
      return (value?.trim() === "portrait") === heightPx >= widthPx;
    case "prefers-color-scheme":
      return value?.trim() === "light";
    case "prefers-reduced-motion":
    case "prefers-contrast":
      return value?.trim() === "no-preference";
    case "color":
      return value === undefined;
    default:
      return false;
  }
}
