import fc from "fast-check";
import { expect, test } from "vitest";
import { cssStatements } from "../../src/daemon/svg/css-statements.ts";

const LONG = `/*${" ".repeat(70_000)}*/`;

test("a short style sheet is one piece, a long one is cut behind blocks", () => {
  expect([...cssStatements("a{} b{}")]).toEqual(["a{} b{}"]);
  expect([...cssStatements(`${LONG}a{}b{}`)]).toEqual([`${LONG}a{}`, "b{}"]);
});

test("braces in strings, comments, escapes and other brackets cut nothing", () => {
  for (const rule of [
    'a[x="}"]{}',
    "a/*}*/{}",
    "a\\}{}",
    "@media(x){a{}}",
    "a{b:'\\'}'}",
    "a{b:(})}",
    "a{b:[}]}",
  ]) {
    expect([...cssStatements(`${LONG}${rule}c{}`)]).toEqual([`${LONG}${rule}`, "c{}"]);
  }
});

test("the pieces of any text are that text", () => {
  const part = fc.constantFrom(
    LONG,
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    '"',
    "'",
    "\\",
    "/*",
    "*/",
    "\n",
    "a",
    ";",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const css = parts.join("");
      expect([...cssStatements(css)].join("")).toBe(css);
    }),
    { numRuns: 300 },
  );
});
