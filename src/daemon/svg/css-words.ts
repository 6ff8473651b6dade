/**
 * Splits a value of CSS where `separator` stands outside brackets and quotes. A blank as separator stands for any run of white space.
 */
export function splitTopLevel(text: string, separator: "," | " " | "/"): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== "") {
      if (character === "\\") i++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (depth === 0 && isSeparator(character, separator)) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return separator === " " ? parts.filter((part) => part !== "") : parts.map((part) => part.trim());
}

function isSeparator(character: string, separator: string): boolean {
  return separator === " " ? /\s/.test(character) : character === separator;
}

/** A comment stands for nothing, or for a blank. */
export function withoutComments(text: string): string {
  return text.includes("/*") ? text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, " ") : text;
}
