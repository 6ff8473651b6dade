import { expect, test } from "vitest";
import { ManualClock } from "../support/manual-clock.ts";
import { client, testServer } from "./support.ts";

test("ping is answered as text and as a message, in any case", async () => {
  const daemon = await testServer();
  const one = await client(daemon.server.url);
  one.send("ping");
  one.send({ type: "PING" });
  one.send({ type: "ping" });
  await one.until(() => one.texts.length === 1 && one.of("pong").length === 2);
  expect(one.texts).toEqual(["pong"]);
});

test("what is no message is answered with an error frame, and the connection stays", async () => {
  const daemon = await testServer();
  const one = await client(daemon.server.url);
  const cases: [string, string][] = [
    ["{", "INVALID_JSON"],
    ["", "INVALID_JSON"],
    ["[]", "INVALID_MESSAGE"],
    ["null", "INVALID_MESSAGE"],
    ['"SUBSCRIBE"', "INVALID_MESSAGE"],
    ["{}", "INVALID_MESSAGE"],
    ['{"type":7}', "INVALID_MESSAGE"],
    ['{"type":"SUBSCRIBE"}', "INVALID_MESSAGE"],
    ['{"type":"SUBSCRIBE","channels":"jobs"}', "INVALID_MESSAGE"],
    ['{"type":"SUBSCRIBE","channels":["jobs"],"job_id":"../etc"}', "INVALID_MESSAGE"],
    ['{"type":"SUBSCRIBE","channels":["jobs"],"since":{"epoch":1}}', "INVALID_MESSAGE"],
    ['{"type":"PLOT"}', "UNKNOWN_TYPE"],
    ['{"type":"__proto__"}', "UNKNOWN_TYPE"],
    ["[".repeat(60_000), "INVALID_JSON"],
    ["[".repeat(30_000) + "]".repeat(30_000), "INVALID_MESSAGE"],
  ];
  for (const [text] of cases) one.send(text);
  await one.until(() => one.of("error").length === cases.length);
  expect(one.of("error").map(({ code }) => code)).toEqual(cases.map(([, code]) => code));
  expect(one.invalid).toEqual([]);
  await one.settle();
});

test("prototype keys in a message change nothing", async () => {
  const daemon = await testServer();
  const one = await client(daemon.server.url);
  one.send('{"__proto__":{"type":"PING"},"constructor":{"prototype":{"polluted":1}}}');
  await one.until(() => one.of("error").length === 1);
  expect(one.of("error")[0]!.code).toBe("INVALID_MESSAGE");
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a binary frame ends the connection with 1003, one of 64 KiB and a byte with 1009", async () => {
  const daemon = await testServer();
  const binary = await client(daemon.server.url);
  binary.socket.send(Buffer.from("ping"));
  const huge = await client(daemon.server.url);
  huge.send("x".repeat(64 * 1024 + 1));
  const largest = await client(daemon.server.url);
  largest.send("x".repeat(64 * 1024));
  await binary.until(() => binary.closed !== null);
  await huge.until(() => huge.closed !== null);
  await largest.until(() => largest.of("error").length === 1);
  expect([binary.closed!.code, huge.closed!.code]).toEqual([1003, 1009]);
});

test("of 150 messages in a minute 100 are answered, one error tells of the limit; the next minute is free", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock, websocket: { heartbeat_interval: 1000 } });
  const one = await client(daemon.server.url);
  for (let i = 0; i < 150; i++) one.send("ping");
  await one.until(() => one.texts.length === 100 && one.of("error").length === 1);
  expect(one.of("error")[0]).toMatchObject({ code: "RATE_LIMITED", details: { retry_after: 60 } });
  clock.advance(25_000);
  await one.until(() => daemon.server.websocketStats().rate_limited === 50);
  clock.advance(35_000);
  await one.settle();
  expect(one.texts).toHaveLength(101);
  expect(one.of("error")).toHaveLength(1);
});

test("one who sends as many again as the limit is ended with 4029", async () => {
  const daemon = await testServer({ clock: new ManualClock() });
  const flood = await client(daemon.server.url);
  for (let i = 0; i < 250; i++) flood.send("ping");
  await flood.until(() => flood.closed !== null);
  expect(flood.closed!.code).toBe(4029);
  expect(flood.texts).toHaveLength(100);
});

test("a client that answers pings and says nothing stays for 300 s after its last pong, then is 4008", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock, websocket: { heartbeat_interval: 10_000 } });
  const idle = await client(daemon.server.url);
  clock.advance(299_000);
  await idle.settle();
  clock.advance(299_000);
  expect(idle.closed).toBeNull();
  clock.advance(1_001);
  await idle.until(() => idle.closed !== null);
  expect(idle.closed!.code).toBe(4008);
});

test("a passive client that only answers pings is never idle", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock });
  const passive = await client(daemon.server.url);
  for (let i = 1; i <= 20; i++) {
    const ping = new Promise((resolve) => passive.socket.once("ping", resolve));
    clock.advance(30_000);
    await ping;
    // The pong that `ws` sent is in the socket; a round trip on another connection does not prove its arrival, this does.
    await new Promise((resolve) => passive.socket.once("pong", resolve) && passive.socket.ping());
  }
  expect(passive.closed).toBeNull();
});

test("a client that does not answer a ping until the next one is cut", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock });
  const dead = await client(daemon.server.url, { autoPong: false });
  const ping = new Promise((resolve) => dead.socket.once("ping", resolve));
  clock.advance(30_000);
  await ping;
  expect(dead.closed).toBeNull();
  clock.advance(30_000);
  await dead.until(() => dead.closed !== null);
  expect(dead.closed!.code).toBe(1006);
});

test("of 100 progress events in a second at most 10 go out, the newest last, and 1 comes before COMPLETED", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock });
  const one = await client(daemon.server.url);
  await one.subscribe(["jobs"]);
  for (let i = 1; i <= 100; i++) {
    daemon.progress("a", i / 100);
    if (i < 100) clock.advance(10);
  }
  daemon.change("a", "COMPLETED", { from_state: "RUNNING" });
  await one.until(() => one.of("job_state_change").length === 1);
  const shares = one.of("job_progress").map(({ progress }) => progress);
  expect(shares.length).toBeGreaterThanOrEqual(8);
  expect(shares.length).toBeLessThanOrEqual(10);
  expect(shares.at(-1)).toBe(1);
  expect(one.types.at(-1)).toBe("job_state_change");
});

test("positions of a device go out at most 10 times a second, a change of its status at once and never after an older position", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock });
  const one = await client(daemon.server.url);
  await one.subscribe(["device"]);
  for (let i = 0; i < 50; i++) {
    daemon.position("axidraw_001", i);
    clock.advance(20);
  }
  daemon.position("axidraw_001", 77);
  const { seq } = daemon.eventLog.append({
    type: "device_status",
    timestamp: "2026-11-22T12:00:00.000Z",
    device_id: "axidraw_001",
    status: "connected",
    pen_up: true,
    position: { x: 0, y: 0 },
    metadata: { firmware_version: null, motor_current: null },
  });
  daemon.position("axidraw_001", 0, { status: "connected", seq });
  clock.advance(1000);
  await one.until(() => one.of("device_status").some((frame) => frame.seq === 1));
  await one.settle();
  const frames = one.of("device_status").slice(1);
  expect(frames.length).toBeLessThanOrEqual(11);
  expect(frames.at(-1)).toMatchObject({ seq: 1, status: "connected" });
});

test("system_status comes on change and every 10 s", async () => {
  const clock = new ManualClock();
  const daemon = await testServer({ clock, websocket: { heartbeat_interval: 1000 } });
  const one = await client(daemon.server.url);
  await one.subscribe(["system"]);
  await one.until(() => one.of("system_status").length === 1);
  clock.advance(9_999);
  await one.settle();
  expect(one.of("system_status")).toHaveLength(1);
  clock.advance(1);
  await one.until(() => one.of("system_status").length === 2);
  daemon.system.status = "busy";
  daemon.system.active_jobs = 1;
  daemon.change("a", "RUNNING");
  await one.until(() => one.of("system_status").length === 3);
  expect(one.of("system_status")[2]).toMatchObject({ status: "busy", active_jobs: 1 });
  daemon.system.status = "stopping";
  await daemon.server.close();
  await one.until(() => one.closed !== null);
  expect(one.of("system_status").at(-1)).toMatchObject({ status: "stopping" });
});
