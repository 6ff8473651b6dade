import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { NewAlert } from "../../src/daemon/alert-book.ts";
import { openDatabase } from "../../src/daemon/database.ts";
import { callWebhook } from "../../src/daemon/jobs/call-webhook.ts";
import { WebhookOutbox } from "../../src/daemon/jobs/webhook-outbox.ts";
import { WebhookStore } from "../../src/daemon/jobs/webhook-store.ts";
import { createLog } from "../../src/daemon/log.ts";
import { ask, listen, plotty, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { FakeClock } from "../support/fake-clock.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

interface Got {
  readonly body: string;
  readonly signature: unknown;
  readonly delivery: unknown;
  readonly authorization?: unknown;
}

/** Answers with these statuses one after the other, the last for ever. */
async function receiver(statuses: number[], port = 0) {
  const got: Got[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { "x-plotty-signature": signature, "x-plotty-delivery": delivery, authorization } = request.headers;
    got.push({ body, signature, delivery, ...(authorization && { authorization }) });
    response.writeHead(statuses[Math.min(got.length, statuses.length) - 1]!).end();
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}

function outbox(path = dataDir(), secret?: string, url = "") {
  const clock = new FakeClock();
  const database = openDatabase(path);
  onTestFinished(() => database.close());
  const told: string[] = [];
  const box = new WebhookOutbox({
    store: new WebhookStore(database),
    clock,
    hooks: { COMPLETED: [{ webhook: url, secret }] },
    raise: ({ level, message }: NewAlert) => told.push(`${level}: ${message}`),
    over: (_key, message) => told.push(message),
    log: createLog({ level: "silent", modules: [] }, { write: () => undefined }).module("test"),
  });
  onTestFinished(() => box.close());
  const send = (name: string) => box.deliver(box.add("COMPLETED", name, url, `{"job_id":"${name}"}`));
  /** Moves the clock and waits until what was due has been answered. */
  const after = async (ms: number, until: () => boolean) => {
    clock.advance(ms);
    while (!until()) await new Promise((done) => setTimeout(done, 2));
  };
  return { box, told, send, after, clock, close: () => database.close() };
}

test("a webhook is a POST of its body, signed, numbered, and forgotten once it was taken", async () => {
  const { url, got } = await receiver([204]);
  const { box, send } = outbox(dataDir(), "s3", url);
  await send("rose");
  const signature = `sha256=${createHmac("sha256", "s3").update('{"job_id":"rose"}').digest("hex")}`;
  expect(got).toEqual([{ body: '{"job_id":"rose"}', signature, delivery: "1" }]);
  expect(box.list()).toEqual([]);
});

test("a password in the address goes into a header; a redirect is not followed, and its reason quotes no address", async () => {
  const { url, got } = await receiver([204]);
  const withPassword = url.replace("//", "//me:pass%20word@");
  await callWebhook({ url: withPassword, body: "{}", delivery: "1" }, new AbortController().signal);
  expect(got[0]!.authorization).toBe(`Basic ${Buffer.from("me:pass word").toString("base64")}`);
  const mover = createServer((_, response) => response.writeHead(302, { location: url }).end());
  await new Promise<void>((done) => mover.listen(0, "127.0.0.1", done));
  onTestFinished(() => void mover.close());
  const moved = `http://me:secret@127.0.0.1:${(mover.address() as AddressInfo).port}/?token=secret`;
  const call = callWebhook({ url: moved, body: "{}", delivery: "1" }, new AbortController().signal);
  await expect(call).rejects.toThrow(
    /^127\.0\.0\.1:\d+ cannot be reached: it leads elsewhere \(a redirect\)/,
  );
  expect(got).toHaveLength(1);
});

test("one that fails is tried again after 1, 4 and 16 s with the same number, and those behind it wait their turn", async () => {
  const { url, got } = await receiver([503, 503, 503, 204]);
  const { box, told, send, after } = outbox(dataDir(), undefined, url);
  await send("a");
  await send("b");
  expect(got).toHaveLength(1);
  expect(box.list()).toMatchObject([
    { subject: "a", attempts: 1, error: expect.stringMatching(/answered 503$/) },
    { attempts: 0 },
  ]);
  await after(999, () => true);
  expect(got).toHaveLength(1);
  await after(1, () => box.list()[0]?.attempts === 2);
  await after(4000, () => box.list()[0]?.attempts === 3);
  expect(told).toEqual([
    expect.stringMatching(
      /^warning: the webhook for COMPLETED of a failed: .* answered 503; it is tried again/,
    ),
  ]);
  await after(16_000, () => box.list().length === 0);
  expect(got.map(({ body, delivery }) => [JSON.parse(body).job_id, delivery])).toEqual([
    ["a", "1"],
    ["a", "1"],
    ["a", "1"],
    ["a", "1"],
    ["b", "2"],
  ]);
  expect(told.at(-1)).toMatch(/takes webhooks again$/);
});

test("one that is retried on request goes out at once, after those that stand before it", async () => {
  const { url, got } = await receiver([503, 204]);
  const { box, send } = outbox(dataDir(), undefined, url);
  await send("a");
  await send("b");
  await box.retry(2);
  expect(got.map(({ delivery }) => delivery)).toEqual(["1", "1", "2"]);
  expect(box.list()).toEqual([]);
});

test("what a receiver refuses is given up after three times, stays listed, and goes out on request", async () => {
  const { url, got } = await receiver([404, 404, 404, 200]);
  const { box, send, after, told } = outbox(dataDir(), undefined, url);
  await send("a");
  await after(1000, () => box.list()[0]?.attempts === 2);
  await after(4000, () => box.list()[0]?.given_up_at !== null);
  expect(told[0]).toContain("it was given up: plotty hooks retry sends it");
  expect(box.list()).toMatchObject([{ subject: "a", attempts: 3, next_at: null }]);
  await box.retry(1);
  expect([got.length, box.list()]).toEqual([4, []]);
  await expect(box.retry(1)).rejects.toThrow("there is no undelivered webhook 1");
});

test("a clock that is set back by a year makes no webhook wait longer than its back-off", async () => {
  const { url, got } = await receiver([503, 204]);
  const path = dataDir();
  const first = outbox(path, undefined, url);
  first.clock.advance(365 * 86_400_000);
  await first.send("a");
  await first.box.close();
  first.close();
  const second = outbox(path, undefined, url);
  second.box.start();
  await second.after(1000, () => second.box.list().length === 0);
  expect(got).toHaveLength(2);
});

test("a webhook of a daemon that was killed goes out with the next one, once", async () => {
  const statuses = [500];
  const { url: dead, got } = await receiver(statuses);
  const config = (to: string) =>
    `devices: [{id: v1, driver: virtual, speed: 100}]\nhooks: {COMPLETED: [{webhook: "${to}"}]}\n`;
  const first = await startDaemon({ config: config(dead) });
  const { until } = await listen(first.url);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
  await ask(first.url, "/api/v1/jobs?name=line", "POST", svg);
  await until((frame) => frame.to_state === "COMPLETED");
  const tried = async () =>
    (await ask(first.url, "/api/v1/hooks/undelivered")).body.webhooks[0]?.attempts > 0;
  while (!(await tried())) await new Promise((done) => setTimeout(done, 20));
  const listed = await plotty(["hooks", "list"], { PLOTTY_URL: first.url });
  expect(listed.stdout).toMatch(/COMPLETED\s+line\s+127\.0\.0\.1:\d+\s+\d+/);
  expect(listed.stdout).not.toContain("/hook");
  await first.end("SIGKILL");
  const before = got.length;
  statuses.splice(0, 1, ...Array(before).fill(500), 204);
  const second = await startDaemon({ config: config(dead), directory: first.directory });
  const left = async () => (await ask(second.url, "/api/v1/hooks/undelivered")).body.webhooks.length;
  while ((await left()) > 0) await new Promise((done) => setTimeout(done, 20));
  expect(got).toHaveLength(before + 1);
  expect(got.at(-1)).toEqual(got[0]);
  expect((await ask(second.url, "/api/v1/hooks/undelivered/1", "DELETE")).status).toBe(404);
});
