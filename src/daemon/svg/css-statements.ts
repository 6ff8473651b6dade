/** Long enough that cutting costs nothing, short enough that what a parser makes of it is small. */
const PIECE_LENGTH = 1 << 16;
/** Brackets, and what hides them: comments, strings, escapes. An unended comment or string goes to the end (of the line). */
const BRACKET =
  /[(){}[\]]|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*(?:"|$|(?=\n))|'(?:[^'\\\n]|\\[\s\S])*(?:'|$|(?=\n))|\\[\s\S]/g;
const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** A style sheet in pieces of whole statements, each ending behind a block, so that no parser has to hold all of it. */
export function* cssStatements(css: string): Generator<string> {
  const open: string[] = [];
  let from = 0;
  if (css.length > PIECE_LENGTH) {
    for (const { 0: token, index } of css.matchAll(BRACKET)) {
      const closer = CLOSERS[token];
      if (closer) open.push(closer);
      else if (token === open.at(-1)) open.pop();
      else continue;
      if (token !== "}" || open.length > 0 || index + 1 - from < PIECE_LENGTH) continue;
      yield css.slice(from, index + 1);
      from = index + 1;
    }
  }
  yield css.slice(from);
}
