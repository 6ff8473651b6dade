import { execFileSync, spawn } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createLog } from "../src/daemon/log.ts";
import { serviceManager } from "../src/daemon/service-manager.ts";
import { ask, BIN } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";
import { FakeClock } from "./support/fake-clock.ts";

/** A tool in systemd-notify's place that writes down what it is told. */
function notebook() {
  const directory = dataDir();
  const file = join(directory, "told");
  const tool = join(directory, "systemd-notify");
  writeFileSync(file, "");
  writeFileSync(tool, `#!/bin/sh\necho "$*" >> ${file}\n`);
  chmodSync(tool, 0o755);
  const told = () => readFileSync(file, "utf8").split("\n").slice(0, -1);
  return { told, env: { PATH: `${directory}:${process.env.PATH}`, NOTIFY_SOCKET: "/run/notify" } };
}

function manager(env: NodeJS.ProcessEnv) {
  const clock = new FakeClock();
  const logged: string[] = [];
  const log = createLog({ level: "info", modules: [] }, { write: (line) => logged.push(line) }).module(
    "test",
  );
  return { clock, logged, manager: serviceManager({ env, clock, log }) };
}

test("systemd hears that the daemon is ready, thrice a watchdog's span that it lives, and that it stops, in that order", async () => {
  const { told, env } = notebook();
  const { clock, manager: systemd } = manager({ ...env, WATCHDOG_USEC: "30000000" });
  systemd.ready("listening");
  clock.advance(9_999);
  clock.advance(1);
  clock.advance(10_000);
  systemd.stopping();
  await systemd.close();
  expect(told()).toEqual([
    "READY=1 STATUS=listening",
    "WATCHDOG=1",
    "WATCHDOG=1",
    "WATCHDOG=1",
    "STOPPING=1 STATUS=raising the pen, parking",
  ]);
  expect(clock.pending).toBe(0);
});

test("without systemd nothing is told, without its watchdog, or with another process's, no sign of life", async () => {
  const { told, env } = notebook();
  for (const more of [{ NOTIFY_SOCKET: "" }, {}, { WATCHDOG_USEC: "1000000", WATCHDOG_PID: "1" }]) {
    const { clock, manager: systemd } = manager({ ...env, ...more });
    systemd.ready("x");
    clock.advance(60_000);
    await systemd.close();
  }
  expect(told()).toEqual(["READY=1 STATUS=x", "READY=1 STATUS=x"]);
});

test("where systemd's tool is missing that is in the log, and the daemon goes on", async () => {
  const { logged, manager: systemd } = manager({ PATH: dataDir(), NOTIFY_SOCKET: "/run/notify" });
  systemd.ready("x");
  await systemd.close();
  expect(logged[0]).toContain("systemd-notify failed: systemd was not told READY=1");
});

function has(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const SOCKET = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    data, fds, _, _ = socket.recv_fds(s, 4096, 4)
    for fd in fds: os.close(fd)
    print(data.decode().replace("\\n", " "), flush=True)
`;

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

test.runIf(has("systemd-notify", "--version") && has("python3", "-c", "import socket; socket.recv_fds"))(
  "the real tool brings READY and STOPPING to the socket, and a plot under way is parked and kept, though a hook would take 20 s",
  async () => {
    const directory = dataDir();
    const socket = join(directory, "notify");
    const receiver = spawn("python3", ["-c", SOCKET, socket], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void receiver.kill("SIGKILL"));
    let told = "";
    receiver.stdout.on("data", (data) => {
      told += data;
    });
    const until = async (word: string) => {
      while (!told.includes(word)) await new Promise((done) => setTimeout(done, 10));
    };
    await until("bound");
    const config = join(directory, "config.yaml");
    writeFileSync(config, "devices: [{id: v1, driver: virtual}]\nhooks: {PAUSED: [{command: sleep 20}]}\n");
    const env = { ...process.env, NOTIFY_SOCKET: socket, PLOTTY_DATA_DIR: join(directory, "data") };
    const daemon = spawn(process.execPath, [BIN, "daemon", "--port", "0", "--config", config], {
      env,
      stdio: "pipe",
    });
    onTestFinished(() => void daemon.kill("SIGKILL"));
    let out = "";
    daemon.stdout.on("data", (data) => {
      out += data;
    });
    const ended = new Promise((done) => daemon.once("exit", done));
    await until("READY=1");
    const url = /listening on (\S+)/.exec(out)![1]!;
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="99mm" height="99mm" viewBox="0 0 99 99"><path d="M9 9h80v80h-80z" stroke="red"/></svg>';
    await ask(url, "/api/v1/jobs?name=rose", "POST", svg);
    while ((await ask(url, "/api/v1/jobs/rose")).body.progress < 0.05)
      await new Promise((done) => setTimeout(done, 50));
    const beganMs = performance.now();
    daemon.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(10_000);
    expect(told).toMatch(/READY=1 STATUS=listening on ws:.*\n(.*\n)*STOPPING=1/);
  },
);
