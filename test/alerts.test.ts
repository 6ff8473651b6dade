import { expect, onTestFinished, test, vi } from "vitest";
import { Bus, type BusEvent } from "../src/daemon/bus.ts";
import { openDatabase } from "../src/daemon/database.ts";
import { SqliteEventLog } from "../src/daemon/event-log.ts";
import { type NewAlert, Publisher } from "../src/daemon/publisher.ts";
import { alertListSchema } from "../src/shared/http-messages.ts";
import { ask, listen, plotty, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";
import { FakeClock } from "./support/fake-clock.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

const HOT: NewAlert = {
  level: "warning",
  source: "host",
  message: "the host is warm",
  key: "host/temperature",
};

function desk(path = dataDir()) {
  const clock = new FakeClock();
  const database = openDatabase(path);
  onTestFinished(() => database.close());
  const told: string[] = [];
  const bus = new Bus((error) => {
    throw error;
  });
  bus.subscribe((event: BusEvent) => {
    if (event.type === "system_alert") told.push(`${event.level}: ${event.message}`);
  });
  const log = new SqliteEventLog(database, clock, { maxAgeDays: 30, maxEvents: 1000 });
  const publisher = new Publisher(bus, database, log, clock);
  const open = () => publisher.alerts.list({ open: true, limit: 100 }).alerts;
  return { clock, told, publisher, open, close: () => database.close() };
}

test("what lasts is told once and counted after that; when it is over that is told, and it can be told anew", () => {
  const { told, publisher, open } = desk();
  for (let i = 0; i < 3; i++) publisher.alert(HOT);
  expect(told).toEqual(["warning: the host is warm"]);
  expect(open()).toMatchObject([{ message: "the host is warm", count: 3, cleared_at: null }]);
  publisher.alertOver("host/temperature", "info", "the host has cooled down");
  publisher.alertOver("host/temperature", "info", "the host has cooled down");
  expect(told.slice(1)).toEqual(["info: the host has cooled down"]);
  expect(open()).toEqual([]);
  publisher.alert(HOT);
  expect(told).toHaveLength(3);
});

test("an alert under way outlives the daemon: the next one does not tell it again", () => {
  const path = dataDir();
  const first = desk(path);
  first.publisher.alert(HOT);
  first.close();
  const second = desk(path);
  second.publisher.alert(HOT);
  expect(second.told).toEqual([]);
  expect(second.open()).toMatchObject([{ count: 2 }]);
});

test("of 100 alerts of one source within a minute 60 are told, then that the rest is kept; another source goes on", () => {
  const { clock, told, publisher, open } = desk();
  for (let i = 0; i < 100; i++) publisher.alert({ level: "warning", source: "hook", message: `failed ${i}` });
  expect(told).toHaveLength(61);
  expect(told[60]).toContain("60 alerts about hook within a minute: further ones are only kept");
  expect(open()).toHaveLength(100);
  publisher.alert({ level: "warning", source: "server", message: "slow" });
  publisher.alert({ level: "critical", source: "hook", message: "fire" });
  expect(told.slice(61)).toEqual(["warning: slow", "critical: fire"]);
  clock.advance(60_001);
  publisher.alert({ level: "warning", source: "hook", message: "a minute later" });
  expect(told.at(-1)).toBe("warning: a minute later");
});

test("a machine's and a job's alerts are over when the machine is well and the job goes on; news never stay open", () => {
  const { publisher, open } = desk();
  const device = { level: "warning", source: "device", deviceId: "a" } as const;
  publisher.alert({ ...device, message: "a: the cable is out" });
  publisher.alert({ ...device, message: "b: the cable is out", deviceId: "b" });
  publisher.alert({ ...device, message: "rose stopped on a", jobId: "rose" });
  publisher.alert({ level: "info", source: "job", jobId: "tulip", message: "tulip: pen change: load red" });
  publisher.alert({ ...device, level: "info", message: "the motors have power again" });
  publisher.alerts.clearDevice("a");
  expect(open().map(({ message }) => message)).toEqual([
    "tulip: pen change: load red",
    "rose stopped on a",
    "b: the cable is out",
  ]);
  publisher.alerts.clearJob("rose");
  expect(open().map(({ job_id }) => job_id)).toEqual(["tulip", null]);
});

test("an alert is acknowledged once, over HTTP and by the beginning of its id; an unknown one is 404", async () => {
  const { url } = await startDaemon({
    config: 'devices: [{id: v1, driver: virtual, speed: 100}]\nhooks: {RUNNING: [{command: "exit 7"}]}\n',
  });
  const env = { PLOTTY_URL: url };
  const { until } = await listen(url);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
  await ask(url, "/api/v1/jobs?name=line", "POST", svg);
  const told = await until((frame) => frame.type === "system_alert" && frame.source === "hook");
  expect((await plotty(["alerts"], env)).stdout).toContain(`${told.id.slice(0, 8)}  warning`);
  expect(await plotty(["alerts", "ack", told.id.slice(0, 8)], env)).toMatchObject({
    code: 0,
    stdout: `${told.id}\n`,
  });
  expect((await plotty(["alerts"], env)).stderr).toBe("no alerts\n");
  const { body } = await ask(url, "/api/v1/alerts?limit=1");
  const { acknowledged_at } = alertListSchema.parse(body).alerts[0]!;
  expect(await ask(url, `/api/v1/alerts/${told.id}/ack`, "POST", "{}")).toMatchObject({
    status: 200,
    body: { acknowledged_at },
  });
  expect(await ask(url, "/api/v1/alerts/none/ack", "POST", "{}")).toMatchObject({ status: 404 });
  expect((await plotty(["alerts", "ack"], env)).code).toBe(2);
});

test("pages of alerts follow one another without a hole", () => {
  const { publisher } = desk();
  for (let i = 0; i < 5; i++) publisher.alert({ level: "warning", source: "test", message: String(i) });
  const first = publisher.alerts.list({ open: true, limit: 3 });
  const second = publisher.alerts.list({ open: true, limit: 3, cursor: first.nextCursor! });
  expect([...first.alerts, ...second.alerts].map(({ message }) => message)).toEqual([
    "4",
    "3",
    "2",
    "1",
    "0",
  ]);
  expect(second.nextCursor).toBe(null);
  expect(() => publisher.alerts.list({ open: true, limit: 3, cursor: "x" })).toThrow(
    "this cursor was not given",
  );
});
