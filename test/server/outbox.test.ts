import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeEvent } from "../../src/daemon/server/encoded-event.ts";
import { Outbox } from "../../src/daemon/server/outbox.ts";
import type { PlottyEvent } from "../../src/shared/ws-messages.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { alertEvent, client, progressEvent, testServer } from "./support.ts";

/** A socket whose other end takes one write at a time, when the test says so. */
class SlowSocket extends Duplex {
  readonly taken: Buffer[] = [];
  #pending: (() => void)[] = [];
  isFast = false;

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.taken.push(chunk);
    if (this.isFast) done();
    else this.#pending.push(done);
  }

  override _read(): void {}

  async takeAll(): Promise<void> {
    while (this.writableLength > 0 || this.#pending.length > 0) {
      this.#pending.shift()?.();
      await new Promise(setImmediate);
    }
  }

  get events(): { type: string; progress?: number; message?: string }[] {
    const text = Buffer.concat(this.taken).toString("latin1");
    return [...text.matchAll(/\{"type".*?\}(?=[\x81]|$)/gs)].map(([json]) => JSON.parse(json));
  }
}

function outbox(limits = { sendTimeoutMs: 1000, maxBufferedBytes: 1 << 20 }) {
  const socket = new SlowSocket();
  const clock = new ManualClock();
  const seen = { slow: 0, conflated: 0 };
  const box = new Outbox(socket, clock, limits, {
    onTooSlow: () => {
      seen.slow += 1;
    },
    onConflated: () => {
      seen.conflated += 1;
    },
    onSent: () => {},
  });
  const deliver = (event: PlottyEvent) => {
    const encoded = encodeEvent(event);
    return box.deliver([encoded], encoded.frame);
  };
  return { socket, clock, seen, box, deliver };
}

const alert = (n: number): PlottyEvent => ({ ...alertEvent(`alert ${n}`), seq: n });

test("while the socket takes everything, the very buffer that was handed in is written", () => {
  const { socket, box } = outbox();
  socket.isFast = true;
  const event = encodeEvent(alert(1));
  expect(box.deliver([event], event.frame)).toBe(true);
  expect(socket.taken[0]).toBe(event.frame);
});

test("for a lagging client progress is replaced by the newest, alerts are all kept, and the order is kept", async () => {
  const { socket, seen, deliver } = outbox();
  deliver(alert(1));
  for (let i = 1; i <= 50; i++) deliver(progressEvent("a", i / 100));
  deliver(alert(2));
  deliver(progressEvent("b", 0.3));
  for (let i = 51; i <= 99; i++) deliver(progressEvent("a", i / 100));
  deliver(alert(3));
  await socket.takeAll();
  expect(socket.events.map(({ type, progress, message }) => message ?? `${type} ${progress}`)).toEqual([
    "alert 1",
    "alert 2",
    "job_progress 0.3",
    "job_progress 0.99",
    "alert 3",
  ]);
  expect(seen).toEqual({ slow: 0, conflated: 98 });
});

test("one that takes nothing for a second is too slow, a moment earlier it is not", async () => {
  const { clock, seen, deliver } = outbox();
  deliver(alert(1));
  clock.advance(999);
  await new Promise(setImmediate);
  expect(seen.slow).toBe(0);
  clock.advance(1);
  await new Promise(setImmediate);
  expect(seen.slow).toBe(1);
  expect(deliver(alert(2))).toBe(false);
});

test("one that catches up within the second may go on for ever", async () => {
  const { socket, clock, seen, deliver } = outbox();
  for (let i = 1; i <= 20; i++) {
    deliver(alert(i));
    clock.advance(900);
    await socket.takeAll();
  }
  expect(seen.slow).toBe(0);
  expect(socket.events).toHaveLength(20);
});

test("one for whom more than the limit waits is too slow at once", () => {
  const { seen, deliver } = outbox({ sendTimeoutMs: 1000, maxBufferedBytes: 2000 });
  for (let i = 1; seen.slow === 0 && i < 100; i++) deliver(alert(i));
  expect(seen.slow).toBe(1);
});

test("a long answer that the client asked for is not held against it", async () => {
  const { socket, clock, seen, box, deliver } = outbox({ sendTimeoutMs: 1000, maxBufferedBytes: 2000 });
  box.reply(Buffer.alloc(131_072));
  deliver(alert(1));
  clock.advance(2900);
  expect(seen.slow).toBe(0);
  await socket.takeAll();
  expect(Buffer.concat(socket.taken).toString()).toContain("alert 1");
});

test("nothing is written behind a close frame", async () => {
  const { socket, box, deliver } = outbox();
  deliver(alert(1));
  deliver(alert(2));
  box.close();
  await socket.takeAll();
  deliver(alert(3));
  expect(socket.events.map(({ message }) => message)).toEqual(["alert 1"]);
});

test("whatever the client's pace, no durable event is lost or repeated and the last progress is the newest", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("alert", "progress", "take"), { maxLength: 60 }),
      async (steps) => {
        const { socket, deliver } = outbox();
        let alerts = 0;
        let share = 0;
        for (const step of steps) {
          if (step === "alert") deliver(alert(++alerts));
          if (step === "progress") deliver(progressEvent("a", ++share / 100));
          if (step === "take") await socket.takeAll();
        }
        await socket.takeAll();
        const told = socket.events
          .filter(({ type }) => type === "system_alert")
          .map(({ message }) => message);
        expect(told).toEqual(Array.from({ length: alerts }, (_, i) => `alert ${i + 1}`));
        const last = socket.events.filter(({ type }) => type === "job_progress").at(-1)?.progress;
        expect(last).toBe(share === 0 ? undefined : share / 100);
      },
    ),
    { numRuns: 60 },
  );
});

test("a client that never reads is closed with 4009 and cut, while another misses nothing", async () => {
  const daemon = await testServer({ websocket: { send_timeout: 0.3 } });
  const reader = await client(daemon.server.url);
  await reader.subscribe(["system"]);
  const stuck = await client(daemon.server.url);
  await stuck.subscribe(["system"]);
  stuck.socket.pause();
  const details = { filling: "x".repeat(40_000) };
  let sent = 0;
  await reader.until(() => {
    if (reader.of("system_alert").length < sent || daemon.server.websocketStats().closed_slow > 0) {
      return daemon.server.websocketStats().closed_slow > 0;
    }
    for (let i = 0; i < 5; i++) daemon.alert("big", { details });
    sent += 5;
    return false;
  }, "the stuck client to be cut");
  await reader.until(() => reader.of("system_alert").length === sent, "every event at the reader");
  stuck.socket.resume();
  await stuck.until(() => stuck.closed !== null, "the end of the stuck client");
  expect([4009, 1006]).toContain(stuck.closed!.code);
  await reader.until(() => daemon.server.websocketStats().connections.open === 1, "one connection");
  expect(reader.of("system_alert").map(({ seq }) => seq)).toEqual(
    Array.from({ length: sent }, (_, i) => i + 1),
  );
});
