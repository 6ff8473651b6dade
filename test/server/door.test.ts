import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { configSchema } from "../../src/daemon/config-schema.ts";
import { isAllowedOrigin, isOwnHost } from "../../src/daemon/server/origin.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { makeCertificate } from "./certificate.ts";
import { client, rawRequest, TestClient, testServer } from "./support.ts";

const LOCKED = { authenticate: true, api_key: "right-key" };
const HANDSHAKE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};

async function refusedOrClosed(url: string, options = {}) {
  const visitor = new TestClient(url, options);
  await visitor.until(() => visitor.closed !== null || visitor.refused !== null, "a refusal");
  return visitor;
}

test("localhost answers on 127.0.0.1 and on ::1, on one port", async () => {
  const { server } = await testServer();
  for (const host of ["127.0.0.1", "[::1]", "localhost"]) {
    await (await client(`ws://${host}:${server.port}/ws`)).subscribe(["jobs"]);
  }
  expect(server.url).toBe(`ws://localhost:${server.port}/ws`);
});

test("a port that is taken is one clear sentence", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  await expect(testServer({ websocket: { port } })).rejects.toMatchObject({
    code: "daemon.address-in-use",
    message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`),
  });
  other.close();
});

test("a port that is taken on ::1 only is refused too, and 127.0.0.1 is let go of", async () => {
  const other = createServer().listen({ port: 0, host: "::1", ipv6Only: true });
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  await expect(testServer({ websocket: { port } })).rejects.toMatchObject({ code: "daemon.address-in-use" });
  await new Promise((resolve) => other.close(resolve));
  const { server } = await testServer({ websocket: { port } });
  expect(server.port).toBe(port);
});

test("closing tells every client 1001 and frees the port within a second", async () => {
  const daemon = await testServer();
  const clients = await Promise.all([1, 2, 3].map(() => client(daemon.server.url)));
  await clients[0]!.subscribe(["jobs"]);
  const begin = performance.now();
  await daemon.server.close();
  expect(performance.now() - begin).toBeLessThan(1000);
  for (const one of clients) {
    await one.until(() => one.closed !== null, "the close frame");
    expect(one.closed!.code).toBe(1001);
  }
  await testServer({ websocket: { port: daemon.server.port } });
});

test("a client that does not answer the good-bye is cut within a second", async () => {
  const daemon = await testServer();
  const deaf = await client(daemon.server.url);
  deaf.socket.pause();
  const begin = performance.now();
  await daemon.server.close();
  expect(performance.now() - begin).toBeLessThan(1000);
});

test("the key is taken from the query or either header, and a wrong one is 4001 after the upgrade", async () => {
  const { server } = await testServer({ websocket: LOCKED });
  await client(`${server.url}?api_key=right-key`);
  await client(server.url, { headers: { authorization: "Bearer right-key" } });
  await client(server.url, { headers: { "x-api-key": "right-key" } });
  for (const [url, headers] of [
    [server.url, {}],
    [`${server.url}?api_key=wrong`, {}],
    [`${server.url}?api_key=`, {}],
    [server.url, { authorization: "Bearer right-key2" }],
  ] as const) {
    const visitor = await refusedOrClosed(url, { headers });
    expect(visitor.closed!.code).toBe(4001);
    expect(visitor.frames).toEqual([]);
  }
  expect(server.websocketStats().auth_failures).toBe(4);
});

test("after five failed keys in a minute an address gets 429, but a right key is let in; a minute later 4001 again", async () => {
  const clock = new ManualClock();
  const { server } = await testServer({ websocket: LOCKED, clock });
  for (let i = 0; i < 5; i++) {
    const visitor = await refusedOrClosed(`${server.url}?api_key=guess${i}`);
    expect(visitor.closed!.code).toBe(4001);
  }
  const sixth = await refusedOrClosed(server.url);
  expect(sixth.refused).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
  await client(`${server.url}?api_key=right-key`);
  clock.advance(60_001);
  expect((await refusedOrClosed(server.url)).closed!.code).toBe(4001);
});

test("the connection over max_connections is closed with 1013, from the fifth refusal on it is 503", async () => {
  const { server } = await testServer({ websocket: { max_connections: 2 } });
  const first = await client(server.url);
  await client(server.url);
  for (let i = 0; i < 4; i++) expect((await refusedOrClosed(server.url)).closed!.code).toBe(1013);
  const fifth = await refusedOrClosed(server.url);
  expect(fifth.refused).toMatchObject({
    status: 503,
    headers: { "retry-after": expect.stringMatching(/^\d+$/) },
  });
  first.socket.close();
  await first.until(() => first.closed !== null);
  const again = await client(server.url);
  await again.subscribe(["jobs"]);
});

test("browsers of foreign pages are refused with 403 before the upgrade, loopback and listed ones are not", async () => {
  const { server } = await testServer({ websocket: { allowed_origins: ["https://studio.example"] } });
  for (const origin of [
    "https://evil.example",
    "null",
    "http://localhost.evil.example",
    "file://",
    "not a url",
  ]) {
    const visitor = await refusedOrClosed(server.url, { origin });
    expect(visitor.refused!.status, origin).toBe(403);
  }
  for (const origin of [
    "http://localhost:3000",
    "http://127.0.0.1",
    "http://[::1]:5",
    "https://studio.example",
  ]) {
    await client(server.url, { origin });
  }
});

test("null is an allowed origin only when listed", () => {
  const listed = { host: "localhost", allowed_origins: ["null"] };
  expect(isAllowedOrigin("null", 8766, listed)).toBe(true);
  expect(isAllowedOrigin("null", 8766, { ...listed, allowed_origins: [] })).toBe(false);
});

test("own hosts are loopback, the bound name, listed ones and this machine's addresses", () => {
  const config = { host: "plotter.lan", allowed_origins: ["https://studio.example"] };
  const own = [
    "localhost",
    "LOCALHOST:8766",
    "127.0.0.1:1",
    "[::1]:8766",
    "plotter.lan:80",
    "studio.example",
  ];
  for (const host of own) expect(isOwnHost(host, config), host).toBe(true);
  const foreign = [
    "evil.example",
    "localhost.evil.example",
    "192.0.2.7",
    "",
    undefined,
    "a b",
    "127.0.0.1.nip.io",
    "plotter.lan@evil.example",
  ];
  for (const host of foreign) expect(isOwnHost(host, config), host).toBe(false);
});

test("a foreign Host is refused on every request, upgrades included", async () => {
  const daemon = await testServer();
  const foreign = { Host: "evil.example:8766" };
  expect((await rawRequest(daemon.http("/api/v1/jobs"), foreign)).status).toBe(403);
  expect((await rawRequest(daemon.http("/healthz"), foreign)).status).toBe(403);
  expect((await rawRequest(daemon.http("/ws"), { ...foreign, ...HANDSHAKE })).status).toBe(403);
});

test("a plain GET of /ws is 426 with one line that says what was expected", async () => {
  const daemon = await testServer();
  const answer = await rawRequest(daemon.http("/ws"), {});
  expect(answer).toMatchObject({ status: 426, headers: { upgrade: "websocket" } });
  expect(answer.body).toBe("plotty is reachable; /ws expects a WebSocket client, not a plain HTTP request\n");
});

test("handshakes with a flaw get 400, an unknown path 404, each with one line", async () => {
  const daemon = await testServer();
  const bad = await rawRequest(daemon.http("/ws"), { ...HANDSHAKE, "Sec-WebSocket-Key": "test" });
  expect(bad.status).toBe(400);
  expect(bad.body).toMatch(/^plotty is reachable, but the Sec-WebSocket-Key must be 16 bytes.*\n$/);
  const old = await rawRequest(daemon.http("/ws"), { ...HANDSHAKE, "Sec-WebSocket-Version": "8" });
  expect(old).toMatchObject({ status: 400, headers: { "sec-websocket-version": "13" } });
  expect((await rawRequest(daemon.http("/ws"), { ...HANDSHAKE, Upgrade: "h2c" })).status).toBe(400);
  expect((await rawRequest(daemon.http("/elsewhere"), HANDSHAKE)).status).toBe(404);
});

test("with a certificate the daemon speaks wss and https", async (context) => {
  const tls = makeCertificate();
  if (!tls) return context.skip("openssl is not installed here");
  const daemon = await testServer({ websocket: { tls } });
  expect(daemon.server.url).toBe(`wss://localhost:${daemon.server.port}/ws`);
  const secure = await client(daemon.server.url, { rejectUnauthorized: false });
  await secure.subscribe(["system"]);
  for (let i = 1; i <= 50; i++) daemon.alert(`event ${i}`);
  await secure.until(() => secure.of("system_alert").length === 50);
  expect(secure.of("system_alert").map(({ seq }) => seq)).toEqual(
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
});

test("a certificate that cannot be read is an error that names the key", async () => {
  const tls = { cert: "/nowhere/cert.pem", key: "/nowhere/key.pem" };
  await expect(testServer({ websocket: { tls } })).rejects.toMatchObject({
    code: "config.unreadable",
    message: "websocket.tls.cert: cannot read /nowhere/cert.pem",
  });
});

test("the schema's own default keeps foreign origins out", () => {
  expect(configSchema.parse({}).websocket.allowed_origins).toEqual([]);
});
