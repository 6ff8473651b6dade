import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { plotty, startDaemon } from "../support/daemon.ts";

const CONFIG = 'devices: []\norchestrator: {jwt_secret: "a secret of this test, long enough for HS256"}\n';

/** The code with which the queue stream ends a client with this token; 0 when it lets it in. */
function closeCode(url: string, token: string): Promise<number> {
  const socket = new WebSocket(`${url.replace(/\/ws$/, "")}/api/v1/ws/queue-metrics?token=${token}`);
  return new Promise((resolve, reject) => {
    socket.on("message", () => {
      socket.terminate();
      resolve(0);
    });
    socket.on("close", resolve);
    socket.on("error", reject);
  });
}

test("a key made on the command line is alone on stdout, lets in, is listed without itself, and ends when revoked", async () => {
  const daemon = await startDaemon({ config: CONFIG });
  const env = { PLOTTY_URL: daemon.url };
  const made = await plotty(["apikey", "create", "--name", "wall screen", "--role", "viewer"], env);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^crpa_[A-Za-z0-9_-]{43}\n$/) });
  const key = made.stdout.trim();
  expect(await closeCode(daemon.url, key)).toBe(0);
  const listed = await plotty(["apikey", "list", "--format", "json"], env);
  const [entry] = JSON.parse(listed.stdout);
  expect(entry).toMatchObject({ name: "wall screen", role: "viewer", last_used: expect.any(String) });
  expect(listed.stdout).not.toContain(key);
  expect((await plotty(["apikey", "revoke", entry.id], env)).code).toBe(0);
  expect(await plotty(["apikey", "revoke", entry.id], env)).toMatchObject({
    code: 1,
    stderr: `plotty: there is no robot key "${entry.id}": see plotty apikey list\n`,
  });
  expect(await closeCode(daemon.url, key)).toBe(4001);
  expect(JSON.parse((await plotty(["apikey", "list", "--format", "json"], env)).stdout)).toEqual([]);
});

test("a token made on the command line is alone on stdout and lets in; a role or a time that is none is bad usage", async () => {
  const daemon = await startDaemon({ config: CONFIG });
  const env = { PLOTTY_URL: daemon.url };
  const made = await plotty(["token", "create", "--expires", "5m"], env);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/) });
  expect(await closeCode(daemon.url, made.stdout.trim())).toBe(0);
  expect(await closeCode(daemon.url, `${made.stdout.trim()}x`)).toBe(4001);
  expect((await plotty(["token", "create", "--expires", "soon"], env)).code).toBe(2);
  expect((await plotty(["apikey", "create", "--name", "a", "--role", "king"], env)).code).toBe(2);
});

test("a daemon without a secret says what it needs to sign tokens", async () => {
  const daemon = await startDaemon();
  expect(await plotty(["token", "create"], { PLOTTY_URL: daemon.url })).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "plotty: this daemon cannot sign tokens: set orchestrator.jwt_secret and start the daemon again\n",
  });
});
