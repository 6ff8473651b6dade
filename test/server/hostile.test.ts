import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../support/manual-clock.ts";
import { client, testServer } from "./support.ts";

const HANDSHAKE = [
  "GET /ws HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
  "",
  "",
].join("\r\n");

/** Sends raw bytes and waits for the end, or for `quietMs` without an answer. */
function send(port: number, bytes: Buffer, quietMs = 500): Promise<Buffer> {
  return new Promise((resolve) => {
    const answer: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on("data", (chunk) => answer.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(Buffer.concat(answer)));
  });
}

function failures(logged: readonly string[]): string[] {
  return logged.filter((line) => ["error", "fatal"].includes(JSON.parse(line).level));
}

/** A masked client frame. */
function frame(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const head =
    payload.length < 126
      ? [0x80 | opcode, 0x80 | payload.length]
      : [0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), mask, payload.map((byte, i) => byte ^ mask[i & 3]!)]);
}

function endsWith1002(answer: readonly Buffer[]): boolean {
  return Buffer.concat(answer).toString("latin1").endsWith("\u0003\u00ea");
}

test("300 connections that send random bytes as frames crash nothing and are told no stack trace", async () => {
  const daemon = await testServer({ websocket: { max_connections: 1000 } });
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array));
  const json = fc.json({ maxDepth: 4 }).map((text) => frame(1, Buffer.from(text.slice(0, 60_000))));
  const control = fc
    .tuple(fc.integer({ min: 0, max: 15 }), bytes)
    .map(([opcode, payload]) => frame(opcode, payload));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(bytes, json, control), { minLength: 1, maxLength: 5 }),
      async (parts) => {
        const answer = await send(daemon.server.port, Buffer.concat([Buffer.from(HANDSHAKE), ...parts]), 5);
        expect(answer.toString("latin1")).not.toMatch(/at .*\.(ts|js):\d/);
      },
    ),
    { numRuns: 300 },
  );
  expect(failures(daemon.logged)).toEqual([]);
  const one = await client(daemon.server.url);
  await one.settle();
  await one.until(() => daemon.server.websocketStats().connections.open === 1, "the others to be gone");
});

test("200 mutilated handshakes and requests crash nothing", async () => {
  const daemon = await testServer();
  const lines = HANDSHAKE.split("\r\n");
  const mutilated = fc
    .tuple(fc.nat(lines.length - 3), fc.constantFrom("", "X", "\0", "é", ": ", "\r\n", "a".repeat(9000)))
    .map(([at, text]) => lines.map((line, i) => (i === at ? line.slice(0, 12) + text : line)).join("\r\n"));
  await fc.assert(
    fc.asyncProperty(mutilated, async (text) => {
      const answer = (await send(daemon.server.port, Buffer.from(text, "latin1"), 5)).toString("latin1");
      expect(answer === "" || answer.startsWith("HTTP/1.1 ")).toBe(true);
      expect(answer).not.toMatch(/at .*\.(ts|js):\d/);
    }),
    { numRuns: 200 },
  );
  expect(failures(daemon.logged)).toEqual([]);
  expect((await fetch(daemon.http("/healthz"))).status).toBe(200);
});

test("text that is no UTF-8 is closed with 1007, an unmasked frame with 1002", async () => {
  const daemon = await testServer();
  const closeCode = (answer: Buffer) => answer.readUInt16BE(answer.length - 2);
  const badText = await send(
    daemon.server.port,
    Buffer.concat([Buffer.from(HANDSHAKE), frame(1, Buffer.from([0xff, 0xfe]))]),
  );
  const unmasked = await send(
    daemon.server.port,
    Buffer.concat([Buffer.from(HANDSHAKE), Buffer.from([0x81, 1, 0x7b])]),
  );
  expect([closeCode(badText), closeCode(unmasked)]).toEqual([1007, 1002]);
});

test("one who sends a bad frame and does not hang up is cut a second later", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock });
  const witness = await client(daemon.server.url);
  const open = () => daemon.server.websocketStats().connections.open;
  const answer: Buffer[] = [];
  const rude = connect({ port: daemon.server.port, host: "127.0.0.1", allowHalfOpen: true }, () => {
    rude.write(Buffer.concat([Buffer.from(HANDSHAKE), Buffer.from([0x81, 1, 0x7b])]));
  });
  onTestFinished(() => void rude.destroy());
  rude.on("error", () => rude.destroy());
  rude.on("data", (chunk) => answer.push(chunk));
  await witness.until(() => endsWith1002(answer), "the close frame");
  expect(open()).toBe(2);
  clock.advance(1000);
  await witness.until(() => open() === 1, "its end");
});

test("200 clients that connect and vanish leave nothing behind, and a monitor beside them misses nothing", async () => {
  const daemon = await testServer({ websocket: { max_connections: 500 } });
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["system"]);
  const visitors: Socket[] = [];
  for (let i = 0; i < 200; i++) {
    const visitor = connect(daemon.server.port, "127.0.0.1", () => visitor.write(HANDSHAKE));
    visitor.on("error", () => visitor.destroy());
    visitor.on("data", () => visitor.resetAndDestroy());
    visitors.push(visitor);
    if (i % 10 === 0) daemon.alert(`alert ${i}`);
    if (i % 20 === 0) await new Promise(setImmediate);
  }
  await monitor.until(() => visitors.every((visitor) => visitor.destroyed), "the visitors to be gone");
  await monitor.until(() => monitor.of("system_alert").length === 20, "20 alerts");
  await monitor.until(() => daemon.server.websocketStats().connections.open === 1, "one connection");
  expect(monitor.of("system_alert").map(({ seq }) => seq)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});

test("clients that drop and come back at random see every durable event once and in order", async () => {
  const daemon = await testServer({ websocket: { max_connections: 500 } });
  const followers = Array.from({ length: 10 }, () => ({ seen: [] as number[] }));
  let published = 0;
  const follow = async (follower: { seen: number[] }, index: number) => {
    for (let round = 0; round < 6; round++) {
      const one = await client(daemon.server.url);
      await one.subscribe(["system"], { since: { epoch: "epoch-1", seq: follower.seen.at(-1) ?? 0 } });
      await one.until(() => one.of("system_alert").length >= 3 + ((index + round) % 5), "some events");
      one.socket.terminate();
      await one.until(() => one.closed !== null, "its end");
      follower.seen.push(...one.of("system_alert").map((event) => Number(event.seq)));
    }
  };
  const ended = Promise.all(followers.map(follow)).then(() => true);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    daemon.alert(`alert ${++published}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await ended;
  for (const { seen } of followers) expect(seen).toEqual(seen.map((_, i) => i + 1));
});

test("with websocket.enabled false nothing is listened on", async () => {
  const daemon = await testServer({ websocket: { enabled: false, port: 47_113 } });
  await expect(fetch(daemon.http("/healthz"))).rejects.toThrow();
  expect(daemon.logged.join("")).toContain("websocket.enabled is false");
});
