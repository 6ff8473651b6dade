import fc from "fast-check";

/** A handshake that is let in. */
export const HANDSHAKE = [
  "GET /ws HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
  "",
  "",
].join("\r\n");

const MASK = Buffer.from([1, 2, 3, 4]);
const FINAL = 0x80;
const TEXT = 1;

/** A masked client frame. */
export function frame(opcode: number, payload: Buffer, flags = FINAL): Buffer {
  const head =
    payload.length < 126
      ? [flags | opcode, 0x80 | payload.length]
      : [flags | opcode, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), MASK, payload.map((byte, i) => byte ^ MASK[i & 3]!)]);
}

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array));
const json = fc.json({ maxDepth: 4 }).map((text) => frame(TEXT, Buffer.from(text.slice(0, 60_000))));
const anyOpcode = fc
  .tuple(fc.integer({ min: 0, max: 15 }), bytes)
  .map(([opcode, payload]) => frame(opcode, payload));
/** Pieces of a message in any order, reserved bits set or not. */
const fragment = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, FINAL, 0x40, 0x30), bytes)
  .map(([opcode, flags, payload]) => frame(opcode, payload, flags));
const badUtf8 = bytes.map((payload) => frame(TEXT, Buffer.concat([payload, Buffer.from([0xc3, 0x28])])));
const unmasked = bytes.map((payload) =>
  Buffer.concat([Buffer.from([FINAL | TEXT, payload.length & 0x7f]), payload]),
);
/** Promises up to 2^63 bytes and sends few. */
const huge = fc
  .tuple(fc.bigInt({ min: 65_536n, max: 0x7fff_ffff_ffff_ffffn }), bytes)
  .map(([length, payload]) => {
    const head = Buffer.from([FINAL | TEXT, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(length, 2);
    return Buffer.concat([head, MASK, payload]);
  });
const deepJson = fc
  .tuple(fc.integer({ min: 1, max: 30_000 }), fc.constantFrom("[", '{"a":'))
  .map(([depth, open]) => frame(TEXT, Buffer.from(open.repeat(depth).slice(0, 60_000))));
/** A known message with fields of any type, prototype keys among them. */
const wrongFields = fc
  .tuple(
    fc.constantFrom("SUBSCRIBE", "unsubscribe", "Ping", "__proto__", "constructor", "toString"),
    fc.constantFrom("channels", "since", "job_id", "level", "snapshot", "__proto__", "constructor"),
    fc.json({ maxDepth: 2 }),
  )
  .map(([type, key, value]) => frame(TEXT, Buffer.from(`{"type":"${type}","${key}":${value}}`)));

/** One frame with something wrong, or that may have. */
export const malformedFrame: fc.Arbitrary<Buffer> = fc.oneof(
  ...[bytes, json, anyOpcode, fragment, badUtf8, unmasked, huge, deepJson, wrongFields],
);

/** A handshake with one line, or a piece of one, made wrong. */
export const malformedHandshake: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.nat(HANDSHAKE.split("\r\n").length - 3),
    fc.nat(24),
    fc.constantFrom("", "X", "\0", "é", ": ", "\r\n", "a".repeat(9000)),
  )
  .map(([at, keep, text]) => {
    const lines = HANDSHAKE.split("\r\n").map((line, i) => (i === at ? line.slice(0, keep) + text : line));
    return Buffer.from(lines.join("\r\n"), "latin1");
  });
