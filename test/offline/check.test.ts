import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Finding } from "../../src/daemon/offline/findings.ts";
import { dataDir } from "../support/data-dir.ts";
import { runPlotty } from "../support/run-plotty.ts";
import { deviceView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function check(config: string, env: Record<string, string> = {}) {
  const directory = dataDir();
  const file = join(directory, "config.yaml");
  writeFileSync(file, config);
  const ran = await runPlotty(["check", "--config", file, "--format", "json"], {
    env: { PLOTTY_DATA_DIR: directory, PLOTTY_URL: "ws://localhost:9/ws", ...env },
  });
  const found = JSON.parse(ran.stdout) as Finding[];
  return { ...ran, about: (name: Finding["about"]) => found.filter(({ about }) => about === name) };
}

test("a right configuration without a daemon is no problem, but the person is told how to start one", async () => {
  const { code, about } = await check("devices: []\n");
  expect(code).toBe(0);
  expect(about("config")[0]).toMatchObject({ level: "ok" });
  expect(about("daemon")[0]).toMatchObject({ level: "note", mend: expect.stringContaining("plotty daemon") });
});

test("a wrong key in the configuration is a problem that names the line", async () => {
  const { code, about } = await check("websokcet:\n  port: 1\n");
  expect(code).toBe(1);
  expect(about("config")[0]).toMatchObject({
    level: "problem",
    tells: expect.stringMatching(/:1: unknown key websokcet/),
  });
});

test("a port that is not there and a board that is not connected each come with their mend", async () => {
  const devices = "devices:\n  - {id: a, port: /dev/ttyNOWHERE}\n  - {id: b, port: 'nickname:Ida'}\n";
  const { code, stderr, about } = await check(devices);
  expect(code).toBe(1);
  expect(stderr).toMatch(/things are wrong/);
  const ports = about("port");
  expect(ports[0]).toMatchObject({
    tells: "there is no port /dev/ttyNOWHERE",
    mend: expect.stringContaining("USB"),
  });
  expect(ports.at(-1)).toMatchObject({ tells: "no board is called Ida" });
});

test("a machine without motor power is told of by the running daemon, and so is a daemon that wants a key", async () => {
  const daemon = await new WireServer().start();
  closing.push(() => daemon.stop());
  daemon.devices.set("virtual_001", deviceView("virtual_001", { motor_power: false }));
  const { about } = await check("devices: []\n", { PLOTTY_URL: daemon.url });
  expect(about("daemon")[0]).toMatchObject({ level: "ok" });
  expect(about("machine")[0]).toMatchObject({ level: "problem", tells: "virtual_001 has no motor power" });
  daemon.apiKey = "secret";
  const refused = await check("devices: []\n", { PLOTTY_URL: daemon.url });
  expect(refused.about("daemon")[0]).toMatchObject({ mend: expect.stringContaining("PLOTTY_API_KEY") });
});

test("another program on the port is told from a daemon", async () => {
  const stranger = createServer((_request, response) => response.writeHead(200).end("hello"));
  await new Promise<void>((resolve) => stranger.listen(0, "localhost", resolve));
  closing.push(() => new Promise((resolve) => stranger.close(resolve)));
  const url = `ws://localhost:${(stranger.address() as AddressInfo).port}/ws`;
  const { code, about } = await check("devices: []\n", { PLOTTY_URL: url });
  expect(code).toBe(1);
  expect(about("daemon")[0]).toMatchObject({ tells: expect.stringContaining("another program answers") });
});

test("service install writes a unit of the user's own once, and never over another without being told", async () => {
  const env = { XDG_CONFIG_HOME: dataDir() };
  const first = await runPlotty(["service", "install"], { env });
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("systemctl --user enable --now plotty"),
  });
  expect((await runPlotty(["service", "install"], { env })).code).toBe(0);
  const unit = (await runPlotty(["service", "install", "--print"], { env })).stdout;
  expect(unit).toMatch(/^ExecStart=\S+ \S*plotty\.js daemon$/m);
  writeFileSync(join(env.XDG_CONFIG_HOME, "systemd", "user", "plotty.service"), "[Unit]\n");
  expect(await runPlotty(["service", "install"], { env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--force"),
  });
  expect((await runPlotty(["service", "install", "--force"], { env })).code).toBe(0);
});
