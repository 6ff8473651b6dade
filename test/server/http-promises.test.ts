import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openDatabase } from "../../src/daemon/database.ts";
import { RobotKeyStore } from "../../src/daemon/server/orchestrator/robot-key-store.ts";
import { ask, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { client, testServer } from "./support.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L10 10"/></svg>';

async function idOf(response: Response): Promise<string> {
  return ((await response.json()) as { id: string }).id;
}

function send(url: string, method: string, headers: Record<string, string> = {}, body?: string) {
  return fetch(url, { method, headers, body });
}

test("what has not changed is answered with 304 and no body; what has, with a new tag", async () => {
  const daemon = await testServer();
  await send(daemon.http("/api/v1/jobs?name=rose.svg"), "POST", {}, SVG);
  for (const path of [
    "/api/v1/jobs",
    "/api/v1/jobs/rose",
    "/api/v1/devices",
    "/api/v1/alerts",
    "/openapi.json",
  ]) {
    const first = await send(daemon.http(path), "GET");
    const etag = first.headers.get("etag")!;
    expect(etag, path).toMatch(/^"[\w-]{27}"$/);
    const again = await send(daemon.http(path), "GET", { "if-none-match": `"other", W/${etag}` });
    expect([again.status, await again.text()], path).toEqual([304, ""]);
  }
  const before = (await send(daemon.http("/api/v1/jobs/rose"), "GET")).headers.get("etag")!;
  await send(daemon.http("/api/v1/jobs/rose"), "PATCH", {}, '{"priority": 3}');
  expect((await send(daemon.http("/api/v1/jobs/rose"), "GET", { "if-none-match": before })).status).toBe(200);
});

test("a change that was made for another state of a job is refused with 412, and changes nothing", async () => {
  const daemon = await testServer();
  const url = daemon.http("/api/v1/jobs/rose");
  await send(daemon.http("/api/v1/jobs?name=rose.svg"), "POST", {}, SVG);
  const etag = (await send(url, "GET")).headers.get("etag")!;
  const first = await send(url, "PATCH", { "if-match": etag }, '{"priority": 1}');
  expect([first.status, first.headers.get("etag") === etag]).toEqual([200, false]);
  const second = await send(url, "PATCH", { "if-match": etag }, '{"priority": 2}');
  expect(await second.json()).toMatchObject({ status: 412, code: "request.precondition-failed" });
  expect((await send(url, "DELETE", { "if-match": etag })).status).toBe(412);
  expect(daemon.jobs.patches).toHaveLength(1);
  expect((await send(url, "DELETE", { "if-match": first.headers.get("etag")! })).status).toBe(204);
});

test("a submission that is sent twice with one key makes one job, also over a restart; for another drawing it is 422", async () => {
  const daemon = await startDaemon();
  const submit = (url: string, key: string, svg = SVG) =>
    send(
      url.replace(/^ws(.*)\/ws$/, "http$1/api/v1/jobs?name=rose.svg&hold=1"),
      "POST",
      { "idempotency-key": key },
      svg,
    );
  const first = await submit(daemon.url, "order-1");
  expect([first.status, await idOf(first), first.headers.get("idempotency-replayed")]).toEqual([
    201,
    "rose",
    null,
  ]);
  const again = await submit(daemon.url, "order-1");
  expect([again.status, await idOf(again), again.headers.get("idempotency-replayed")]).toEqual([
    201,
    "rose",
    "true",
  ]);
  expect(again.headers.get("location")).toBe("/api/v1/jobs/rose");
  expect(await idOf(await submit(daemon.url, "order-2"))).toBe("rose_001");
  await daemon.end("SIGKILL");
  const second = await startDaemon({ directory: daemon.directory });
  expect(await idOf(await submit(second.url, "order-1"))).toBe("rose");
  expect(await (await submit(second.url, "order-1", `${SVG} `)).json()).toMatchObject({
    status: 422,
    code: "request.key-reused",
  });
  expect((await submit(second.url, "with blank")).status).toBe(400);
  expect((await ask(second.url, "/api/v1/jobs")).body.jobs).toHaveLength(2);
});

test("an upload goes to the disk as it comes, as its owner's file alone; nothing is left of one that broke off", async () => {
  const daemon = await startDaemon();
  const spool = join(daemon.directory, "data", "uploads");
  const { port } = new URL(daemon.url.replace("ws:", "http:"));
  const outgoing = request({ host: "127.0.0.1", port, path: "/api/v1/jobs", method: "POST" });
  outgoing.on("error", () => undefined); // it is cut below
  outgoing.write(SVG.slice(0, 20));
  const lying = () => (existsSync(spool) ? readdirSync(spool) : []);
  while (lying().length === 0 || readFileSync(join(spool, lying()[0]!)).length < 20) {
    await new Promise((done) => setTimeout(done, 5));
  }
  outgoing.destroy();
  while (lying().length > 0) await new Promise((done) => setTimeout(done, 5));
  const form = new FormData();
  form.set("file", new File([SVG], "rose.svg"));
  const sent = await fetch(daemon.url.replace(/^ws(.*)\/ws$/, "http$1/api/v1/jobs"), {
    method: "POST",
    body: form,
  });
  expect(sent.status).toBe(201);
  expect(readFileSync(join(daemon.directory, "data", "jobs", "rose", "drawing.svg"), "utf8")).toBe(SVG);
  expect(lying()).toEqual([]);
});

test("a form of 120 MB makes the daemon hold less than 90 MB more than before", async () => {
  const daemon = await startDaemon();
  const memoryMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.child.pid}/status`, "utf8"))![1]) / 1024;
  const before = memoryMb();
  const { port } = new URL(daemon.url.replace("ws:", "http:"));
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const outgoing = request({ host: "127.0.0.1", port, path: "/api/v1/jobs?hold=1", method: "POST", headers });
  const answered = new Promise<number>((done, fail) => {
    outgoing.on("response", (response) => done(response.statusCode ?? 0));
    outgoing.on("error", fail);
  });
  outgoing.write('--b\r\nContent-Disposition: form-data; name="file"; filename="big.svg"\r\n\r\n');
  const megabyte = Buffer.alloc(1024 * 1024, " ");
  let most = 0;
  for (let i = 0; i < 120; i++) {
    if (!outgoing.write(megabyte)) await new Promise((done) => outgoing.once("drain", done));
    most = Math.max(most, memoryMb());
  }
  outgoing.end("\r\n--b--\r\n");
  expect(await answered).toBe(201);
  expect(most - before).toBeLessThan(90);
});

const CLOSED = { authenticate: true, api_key: "the-operators-key" };

test("a viewer reads and changes nothing, a robot publishes events too, an operator may everything", async () => {
  const database = openDatabase(dataDir());
  const robotKeys = new RobotKeyStore(database, new ManualClock());
  const daemon = await testServer({ websocket: CLOSED, robotKeys });
  const event = JSON.stringify({
    type: "queue_depth_changed",
    depth: 3,
    timestamp: "2026-11-22T12:00:00.000Z",
  });
  const statuses = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` };
    const asked = [
      send(daemon.http("/api/v1/jobs"), "GET", headers),
      send(daemon.http("/api/v1/apikeys"), "GET", headers),
      send(daemon.http("/api/v1/events"), "POST", headers, event),
      send(daemon.http("/api/v1/jobs?name=a.svg"), "POST", headers, SVG),
      send(daemon.http("/api/v1/devices/axidraw_001/ready"), "POST", headers, "{}"),
      send(daemon.http("/api/v1/config/reload"), "POST", headers, "{}"),
    ];
    return (await Promise.all(asked)).map(({ status }) => status);
  };
  const key = (role: "viewer" | "robot" | "operator") => robotKeys.create(role, role).key;
  const [published] = (await statuses(key("operator"))).slice(2, 3);
  expect(await statuses(key("viewer"))).toEqual([200, 403, 403, 403, 403, 403]);
  expect(await statuses(key("robot"))).toEqual([200, 403, published, 403, 403, 403]);
  expect(await statuses(key("operator"))).toEqual([200, 200, published, 201, 200, 200]);
  expect(await statuses(CLOSED.api_key)).toEqual([200, 200, published, 201, 200, 200]);
  expect(await statuses("crpa_unknown")).toEqual([401, 401, 401, 401, 401, 401]);
  expect(await statuses("another-key")).toEqual([401, 401, 401, 401, 401, 401]);
  database.close();
});

test("a robot key opens /ws too, and its connection ends with 4001 within 10 s after it was revoked", async () => {
  const clock = new ManualClock();
  const database = openDatabase(dataDir());
  const robotKeys = new RobotKeyStore(database, clock);
  const daemon = await testServer({ websocket: { ...CLOSED, heartbeat_interval: 60 }, robotKeys, clock });
  const made = robotKeys.create("screen", "viewer");
  const [viewer, operator] = [
    await client(`${daemon.server.url}?api_key=${made.key}`),
    await client(`${daemon.server.url}?api_key=${CLOSED.api_key}`),
  ];
  clock.advance(5000);
  robotKeys.revoke(made.id);
  clock.advance(5000);
  await viewer.until(() => viewer.closed !== null, "the close");
  expect(viewer.closed).toEqual({ code: 4001, reason: "the key does not hold any longer" });
  await operator.settle();
  database.close();
});
