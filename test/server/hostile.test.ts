import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../support/manual-clock.ts";
import { frame, HANDSHAKE, malformedFrame, malformedHandshake } from "./malformed.ts";
import { client, testServer } from "./support.ts";

/** Frames and handshakes; `PLOTTY_MALFORMED=100000 npx vitest run test/server/hostile.test.ts` for the full number. */
const MALFORMED = Number(process.env.PLOTTY_MALFORMED ?? 1500);
/** Connections at once, and frames on each. */
const AT_ONCE = 10;
const FRAMES = 3;
const ROUNDS = Math.ceil(MALFORMED / AT_ONCE / (FRAMES + 1));
/** What one round takes at worst, ms. */
const MS_A_ROUND = 1000;
const STACK_TRACE = /at .*\.(ts|js):\d/;
/** However many came and went, so much more may be held afterwards. */
const LEAK_BYTES = 16 * 1024 * 1024;

/** Longest that any answer takes on a busy machine, ms. */
const PATIENCE_MS = 5000;

/** Sends raw bytes and waits for the end, or until `quietMs` after an answer there is no more of it. */
function send(port: number, bytes: Buffer, quietMs = 500): Promise<Buffer> {
  return new Promise((resolve) => {
    const answer: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    // With a reset, or the ports of a hundred thousand connections would stay taken for a minute.
    socket.setTimeout(PATIENCE_MS, () => socket.resetAndDestroy());
    socket.on("data", (chunk) => {
      answer.push(chunk);
      socket.setTimeout(quietMs);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(Buffer.concat(answer)));
  });
}

/** The errors among the log lines, which are read once and let go. */
function takeFailures(logged: string[]): string[] {
  return logged.splice(0).filter((line) => ["error", "fatal"].includes(JSON.parse(line).level));
}

function endsWith1002(answer: readonly Buffer[]): boolean {
  return Buffer.concat(answer).toString("latin1").endsWith("\u0003\u00ea");
}

/** What a program holds after it has let go of what it can, bytes. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

const many = (ROUNDS * AT_ONCE).toLocaleString("en");

test(
  `${many} connections with ${FRAMES} malformed frames each crash nothing, leave nothing and see no stack trace`,
  async () => {
    const daemon = await testServer({ websocket: { max_connections: 1000 } });
    const before = heldBytes();
    let letIn = 0;
    const connection = fc.array(malformedFrame, { minLength: FRAMES, maxLength: FRAMES });
    await fc.assert(
      fc.asyncProperty(
        fc.array(connection, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (connections) => {
          const sent = connections.map((frames) =>
            send(daemon.server.port, Buffer.concat([Buffer.from(HANDSHAKE), ...frames]), 5),
          );
          for (const answer of await Promise.all(sent)) {
            expect(answer.toString("latin1")).not.toMatch(STACK_TRACE);
            if (answer.toString("latin1").startsWith("HTTP/1.1 101")) letIn += 1;
          }
          expect(takeFailures(daemon.logged)).toEqual([]);
        },
      ),
      { numRuns: ROUNDS },
    );
    expect(letIn).toBe(ROUNDS * AT_ONCE);
    const one = await client(daemon.server.url);
    await one.settle();
    await one.until(() => daemon.server.websocketStats().connections.open === 1, "the others to be gone");
    expect(heldBytes() - before).toBeLessThan(LEAK_BYTES);
  },
  30_000 + ROUNDS * MS_A_ROUND,
);

test(
  `${many} mutilated handshakes and requests crash nothing and leave nothing`,
  async () => {
    const daemon = await testServer();
    const before = heldBytes();
    await fc.assert(
      fc.asyncProperty(
        fc.array(malformedHandshake, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (handshakes) => {
          const sent = handshakes.map((handshake) => send(daemon.server.port, handshake, 5));
          for (const answer of (await Promise.all(sent)).map((bytes) => bytes.toString("latin1"))) {
            expect(answer === "" || answer.startsWith("HTTP/1.1 ")).toBe(true);
            expect(answer).not.toMatch(STACK_TRACE);
          }
          expect(takeFailures(daemon.logged)).toEqual([]);
        },
      ),
      { numRuns: ROUNDS },
    );
    expect((await fetch(daemon.http("/healthz"))).status).toBe(200);
    expect(heldBytes() - before).toBeLessThan(LEAK_BYTES);
  },
  30_000 + ROUNDS * MS_A_ROUND,
);

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

test.each([
  ["messages", frame(1, Buffer.from("ping"))],
  ["pings", frame(9, Buffer.from("here?"))],
  ["pongs", frame(10, Buffer.alloc(0))],
])(
  "of 16 MB of %s from one who goes on after 4029 most is never read, and a second later it is cut",
  async (what, one) => {
    const clock = new ManualClock();
    const daemon = await testServer({ clock });
    const witness = await client(daemon.server.url);
    const megabytes16 = Buffer.alloc(16 << 20, one);
    const flood = connect(daemon.server.port, "127.0.0.1", () => {
      flood.write(HANDSHAKE);
      flood.write(megabytes16);
    });
    onTestFinished(() => void flood.destroy());
    flood.on("error", () => flood.destroy());
    let answered = "";
    flood.on("data", (chunk) => {
      answered += chunk.toString("latin1");
    });
    await witness.until(
      () => answered.includes(what === "messages" ? "too many messages" : "too many pings"),
      "4029",
    );
    // Time to read it all, 64 KiB a turn.
    for (let turn = 0; turn < 1000; turn++) await new Promise(setImmediate);
    expect(flood.destroyed).toBe(false);
    expect(flood.writableLength).toBeGreaterThan(0);
    clock.advance(1000);
    await witness.until(() => flood.destroyed, "its end");
  },
);

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
