import fc from "fast-check";
import { expect, test } from "vitest";
import { readForm } from "../../src/daemon/server/multipart.ts";

interface Part {
  name: string;
  fileName: string | null;
  data: Buffer;
}

/** Reads a body that comes in pieces of these sizes, the last for the rest. */
async function read(body: Buffer, sizes: readonly number[], boundary = "x"): Promise<Part[]> {
  async function* chunks() {
    let at = 0;
    for (let i = 0; at < body.length; i++) {
      const size = sizes[i] ?? body.length;
      yield body.subarray(at, at + size);
      at += size;
    }
  }
  const parts: Part[] = [];
  for await (const piece of readForm(chunks(), `multipart/form-data; boundary="${boundary}"`)) {
    if (piece.type === "part")
      parts.push({ name: piece.name, fileName: piece.fileName, data: Buffer.alloc(0) });
    else parts.at(-1)!.data = Buffer.concat([parts.at(-1)!.data, piece.data]);
  }
  return parts;
}

test("any form that the platform writes is read as it was, however its bytes are cut", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom("\r\n--", "\r\n", "--x", "\r\n--x").map((s) => Buffer.from(s)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.stringMatching(/^[a-z"ü ]{1,9}$/), bytes, fc.stringMatching(/^[a-z".é;=]{0,12}$/)),
        { maxLength: 4 },
      ),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }),
      async (fields, sizes) => {
        const form = new FormData();
        for (const [name, data, fileName] of fields)
          form.append(name, new File([Buffer.from(data)], fileName || "a"));
        const request = new Request("http://x/", { method: "POST", body: form });
        const boundary = /boundary=(.*)$/.exec(request.headers.get("content-type")!)![1]!;
        const parts = await read(Buffer.from(await request.arrayBuffer()), sizes, boundary);
        expect(parts).toEqual(
          fields.map(([name, data, fileName]) => ({
            name,
            fileName: fileName || "a",
            data: Buffer.from(data),
          })),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("what is cut off, has no name, no boundary or endless headers is no form", async () => {
  const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nbody';
  const broken = [
    "",
    "no form",
    part,
    `${part}\r\n--x`,
    "--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--",
    "--x\r\nContent-Type: text/plain\r\n\r\n\r\n--x--",
    `--x\r\nContent-Disposition: form-data; name="a"; x="${"y".repeat(20_000)}"\r\n\r\n\r\n--x--`,
    "--xy\r\n\r\n--x--",
  ];
  for (const text of broken) {
    await expect(read(Buffer.from(text), [7]), text.slice(0, 40)).rejects.toMatchObject({
      code: "request.invalid",
    });
  }
  await expect(read(Buffer.from(`${part}\r\n--x--`), [3], "")).rejects.toMatchObject({
    code: "request.invalid",
  });
  expect(await read(Buffer.from(`preamble\r\n${part}\r\n--x--\r\nepilogue`), [5])).toMatchObject([
    { name: "a", fileName: null },
  ]);
});
