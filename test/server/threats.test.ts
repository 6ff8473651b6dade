import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { ask, plotty, startDaemon } from "../support/daemon.ts";
import { dataDir } from "../support/data-dir.ts";
import { rawRequest } from "./support.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

/** Each test tries one threat of docs/security.md against the daemon as it is shipped. */

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
const httpOf = (url: string, path: string) => url.replace(/^ws(.*)\/ws$/, `http$1${path}`);
const portOf = (url: string) => Number(/:(\d+)\//.exec(url)![1]);

/** The status of a handshake that is refused before the upgrade. */
function refusedUpgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
    socket.on("open", () => reject(new Error("it was let in")));
    socket.on("error", () => undefined); // told by the response already
  });
}

/** Local addresses, hex as the kernel shows them, on which `port` is listened on. */
function listeningOn(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^ *\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)]
      .filter(([, , found]) => found === hex)
      .map(([, address]) => address!),
  );
}

test("bind: unless told otherwise only this host reaches the daemon; bound elsewhere without a key it warns", async () => {
  const { url } = await startDaemon();
  const loopback = ["0100007F", "00000000000000000000000001000000"];
  const found = listeningOn(portOf(url));
  expect(found.length).toBeGreaterThan(0);
  for (const address of found) expect(loopback).toContain(address);
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find((each) => !each.internal && each.family === "IPv4");
  if (own) {
    const reached = await new Promise((done) => {
      const socket = connect(portOf(url), own.address, () => done(true)).on("error", () => done(false));
      socket.on("close", () => done(false));
    });
    expect(reached).toBe(false);
  }
  const open = await startDaemon({ config: "devices: []\nwebsocket: {host: 0.0.0.0}\n" });
  expect(open.stderr()).toContain(
    "websocket.host is 0.0.0.0 without websocket.authenticate: anyone who reaches that address can plot",
  );
});

test("rebinding: a page whose name was made to point here is refused on every route, the upgrade too", async () => {
  const { url } = await startDaemon();
  for (const host of [
    "evil.example",
    `evil.example:${portOf(url)}`,
    "localhost.evil.example",
    "127.0.0.1.evil.example",
  ]) {
    for (const [path, method] of [
      ["/healthz", "GET"],
      ["/api/v1/system", "GET"],
      ["/api/v1/jobs", "POST"],
    ] as const) {
      expect((await rawRequest(httpOf(url, path), { host }, method)).status, host).toBe(403);
    }
    expect(await refusedUpgrade(url, { host })).toBe(403);
  }
});

test("cross-origin: a foreign page changes nothing, hears nothing, and no answer lets it read", async () => {
  const { url } = await startDaemon();
  for (const origin of ["https://evil.example", "null", "http://localhost.evil.example", "file://"]) {
    const post = await fetch(httpOf(url, "/api/v1/jobs"), {
      method: "POST",
      headers: { origin, "content-type": "text/plain" },
      body: SVG,
    });
    expect(post.status, origin).toBe(403);
    const read = await fetch(httpOf(url, "/api/v1/jobs"), { headers: { origin } });
    expect(
      [...read.headers.keys()].filter((name) => name.startsWith("access-control")),
      origin,
    ).toEqual([]);
    const preflight = await fetch(httpOf(url, "/api/v1/jobs"), {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
    expect([...preflight.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(await refusedUpgrade(url, { origin })).toBe(403);
  }
  expect((await ask(url, "/api/v1/jobs")).body.jobs).toEqual([]);
});

test("traversal: whatever a file is called, its job lies in the folder of jobs; no path of the API leads out of it", async () => {
  const daemon = await startDaemon();
  const names = [
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/shadow",
    "....//x",
    "a\0b.svg",
    ".",
    "..",
    "con.svg",
  ];
  for (const name of names) {
    const query = new URLSearchParams({ name, hold: "1" });
    const { status, body } = await ask(daemon.url, `/api/v1/jobs?${query}`, "POST", SVG);
    expect([status, /^[A-Za-z0-9_-]{1,64}$/.test(body.id)], name).toEqual([201, true]);
  }
  const form = new FormData();
  form.set("file", new File([SVG], "../../../../tmp/plotty-was-here.svg"));
  form.set("hold", "1");
  expect((await fetch(httpOf(daemon.url, "/api/v1/jobs"), { method: "POST", body: form })).status).toBe(201);
  const data = join(daemon.directory, "data");
  expect(readdirSync(join(data, "jobs"))).toHaveLength(names.length + 1);
  expect(existsSync("/tmp/plotty-was-here.svg")).toBe(false);
  for (const path of [
    "/api/v1/jobs/../../plotty.db",
    "/api/v1/jobs/%2e%2e%2f%2e%2e%2fplotty.db",
    "/api/v1/jobs/..%5c..%5cplotty.db/plan.json",
    "/docs/../../package.json",
  ]) {
    const answer = await rawRequest(httpOf(daemon.url, "") + path, {});
    expect([404, 400], path).toContain(answer.status);
    expect(answer.body).not.toContain("SQLite");
  }
});

test("symlinks: a link in the folder of jobs is never written through", async () => {
  const directory = dataDir();
  const elsewhere = join(directory, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(directory, "data", "jobs"), { recursive: true });
  symlinkSync(elsewhere, join(directory, "data", "jobs", "rose"));
  symlinkSync(join(directory, "nowhere"), join(directory, "data", "jobs", "tulip"));
  const { url } = await startDaemon({ directory });
  for (const name of ["rose", "tulip"]) {
    const { body } = await ask(url, `/api/v1/jobs?name=${name}.svg&hold=1`, "POST", SVG);
    expect(body.id).toBe(`${name}_001`);
  }
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(existsSync(join(directory, "nowhere"))).toBe(false);
});

test("files: what the daemon keeps is its owner's alone, whatever the umask", async () => {
  const daemon = await startDaemon();
  await ask(daemon.url, "/api/v1/jobs?name=rose&hold=1", "POST", SVG);
  const data = join(daemon.directory, "data");
  const files = readdirSync(data, { recursive: true, encoding: "utf8" });
  expect(files).toContain("plotty.db");
  for (const file of files) {
    const found = statSync(join(data, file));
    if (!found.isDirectory()) expect((found.mode & 0o077).toString(8), file).toBe("0");
  }
  expect((statSync(join(data, "jobs", "rose")).mode & 0o077).toString(8)).toBe("0");
});

test("hook injection: a job called $(…) or `…` runs nothing in a command hook, nor in its environment", async () => {
  const directory = dataDir();
  const marker = join(directory, "ran");
  const out = join(directory, "out");
  const config = `devices: []\nhooks: {CANCELLED: [{command: "echo {name} '{name}' \\"{name}\\" >> ${out}"}]}\n`;
  const { url } = await startDaemon({ config, directory });
  const names = [
    `$(touch ${marker})`,
    `\`touch ${marker}\``,
    `'; touch ${marker}; '`,
    `"; touch ${marker}; "`,
    `x\ntouch ${marker}`,
  ];
  for (const name of names) {
    const { body } = await ask(url, `/api/v1/jobs?${new URLSearchParams({ name, hold: "1" })}`, "POST", SVG);
    await ask(url, `/api/v1/jobs/${body.id}/cancel`, "POST");
  }
  const lines = () => (existsSync(out) ? readFileSync(out, "utf8") : "");
  const expected = (name: string) => `${name} ${name} ${name}\n`;
  while (!names.every((name) => lines().includes(expected(name))))
    await new Promise((done) => setTimeout(done, 10));
  expect(existsSync(marker)).toBe(false);
});

test("secrets: neither the key, a robot key, a token nor a hook's secret gets into a log line, an answer or a problem", async () => {
  const directory = dataDir();
  const key = "the-operators-own-key";
  writeFileSync(join(directory, "key"), key, { mode: 0o600 });
  const config = `
devices: []
logging: {level: trace}
websocket: {authenticate: true, api_key_file: ${join(directory, "key")}}
orchestrator: {jwt_secret: "a-jwt-secret-of-this-test"}
hooks: {CANCELLED: [{webhook: "http://user:url-password@127.0.0.1:1/?token=url-token", secret: hook-signing-secret}]}
`;
  const daemon = await startDaemon({ config, directory });
  const operator = (path: string, method = "GET", body?: string) => ask(daemon.url, path, method, body, key);
  const robot: string = (await operator("/api/v1/apikeys", "POST", '{"name": "a"}')).body.key;
  const token: string = (await operator("/api/v1/tokens", "POST", "{}")).body.token;
  let answers = "";
  for (const shown of [key, robot, token, "wrong-key-of-somebody"]) {
    for (const path of ["/api/v1/system", "/api/v1/jobs?nonsense=1", "/api/v1/nowhere", "/metrics"]) {
      const joined = `${path}${path.includes("?") ? "&" : "?"}api_key=${shown}`;
      answers += await (await fetch(httpOf(daemon.url, joined))).text();
      answers += await (
        await fetch(httpOf(daemon.url, path), { headers: { authorization: `Bearer ${shown}` } })
      ).text();
    }
    const socket = new WebSocket(`${daemon.url}?api_key=${shown}`);
    await new Promise((done) => socket.once("open", done).once("error", done));
    socket.terminate();
  }
  await operator("/api/v1/jobs?name=rose&hold=1", "POST", SVG);
  await operator("/api/v1/jobs/rose/cancel", "POST");
  const undelivered = async () => JSON.stringify((await operator("/api/v1/hooks/undelivered")).body);
  while (!/"attempts":[1-9]/.test(await undelivered())) await new Promise((done) => setTimeout(done, 20));
  answers += (await undelivered()) + JSON.stringify((await operator("/api/v1/alerts")).body);
  answers += (await plotty(["config", "show"], { PLOTTY_CONFIG: join(directory, "config.yaml") })).stdout;
  await daemon.end();
  const secrets = [
    key,
    robot,
    token,
    "a-jwt-secret-of-this-test",
    "url-password",
    "url-token",
    "hook-signing-secret",
  ];
  for (const secret of secrets) {
    expect(daemon.stderr().includes(secret), `in the log: ${secret}`).toBe(false);
    expect(answers.includes(secret), `in an answer: ${secret}`).toBe(false);
  }
});

test("too much: a body, a header and a message over their limits are refused, and the daemon goes on", async () => {
  const { url } = await startDaemon();
  const declared = { "content-length": String(300 * 1024 * 1024), connection: "close" };
  expect(
    (await rawRequest(httpOf(url, "/api/v1/jobs"), declared, "POST").catch((error) => error)).status,
  ).toBe(413);
  const json = JSON.stringify({ name: "x".repeat(1_100_000) });
  expect((await ask(url, "/api/v1/jobs/a", "PATCH", json)).status).toBe(413);
  expect((await rawRequest(httpOf(url, "/healthz"), { "x-long": "x".repeat(20_000) })).status).toBe(431);
  const socket = new WebSocket(url);
  await new Promise((done) => socket.once("open", done));
  socket.send("x".repeat(64 * 1024 + 1));
  expect(await new Promise((done) => socket.once("close", done))).toBe(1009);
  expect((await ask(url, "/healthz")).status).toBe(200);
});

test("bombs: a zip bomb, an entity bomb and a file that asks for another one fail by name", async () => {
  const { url } = await startDaemon();
  const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join(
    "",
  );
  const bombs: Record<string, string | Buffer> = {
    zip: gzipSync(
      Buffer.concat([
        Buffer.from(SVG.replace("</svg>", "")),
        Buffer.alloc(270 * 1024 * 1024, " "),
        Buffer.from("</svg>"),
      ]),
      { level: 1 },
    ),
    entity: `<!DOCTYPE svg [<!ENTITY a0 "ha">${entities}]><svg xmlns="http://www.w3.org/2000/svg"><text>&a20;</text></svg>`,
    external:
      '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
  };
  for (const [name, body] of Object.entries(bombs)) {
    const sent = await fetch(httpOf(url, `/api/v1/jobs?name=${name}`), {
      method: "POST",
      body: new Uint8Array(Buffer.from(body)),
    });
    expect(sent.status).toBe(201);
    const job = async () => (await ask(url, `/api/v1/jobs/${name}`)).body;
    while ((await job()).state !== "FAILED") await new Promise((done) => setTimeout(done, 20));
    expect((await job()).reason).not.toContain("root:");
  }
  expect((await ask(url, "/healthz")).status).toBe(200);
});
