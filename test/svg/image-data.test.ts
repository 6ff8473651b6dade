import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutImageData } from "../../src/daemon/svg/image-data.ts";
import { readSvg } from "../../src/daemon/svg/read-svg.ts";
import { sheet } from "./read.ts";

const READING = { toleranceMm: 0.01, layers: "inkscape" } as const;

test("of an image that goes on over pieces only its beginning and its line breaks are read", () => {
  const pieces = [
    '<image href="data:image/png;base64,AA',
    "BBBB\nBBBB\n",
    "CCCC",
    'DD" width="5"/><path d="M0 0"/>',
  ];
  expect([...withoutImageData(pieces)].join("")).toBe(
    '<image href="data:image/png;base64,AA\n\n" width="5"/><path d="M0 0"/>',
  );
});

test("a text that only looks like an image keeps every tag", () => {
  const pieces = ['<text>href="data: is ', "how it begins</text>", '<path d="M0 0"/>'];
  expect([...withoutImageData(pieces)].join("")).toBe('<text>href="data: is </text><path d="M0 0"/>');
});

test("a drawing in pieces of any length is the drawing as a whole", () => {
  const image = `<image width="10" height="10" href="data:image/png;base64,${"QUJD\n".repeat(30)}"/>`;
  const path = (x: number) => `<path d="M${x} 1L${x + 1}.5 20" stroke="#f00"/>`;
  const part = fc.oneof(fc.constant(image), fc.nat(90).map(path), fc.constant("<!-- = 'data: ü -->"));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 97 }), (parts, length) => {
      const bytes = Buffer.from(sheet(`${parts.join("\n")}`));
      const head = Math.max(length, 10);
      const pieces = [bytes.subarray(0, head)];
      for (let at = head; at < bytes.length; at += length) pieces.push(bytes.subarray(at, at + length));
      expect(readSvg(pieces, READING)).toEqual(readSvg(bytes, READING));
    }),
    { numRuns: 200 },
  );
});
