import { expect, test } from "vitest";
import { ConnectionAlerts } from "../../src/daemon/server/connection-alerts.ts";
import { listen, startDaemon } from "../support/daemon.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { client } from "./support.ts";

function alerts(max: number) {
  const clock = new ManualClock();
  const told: string[] = [];
  const watch = new ConnectionAlerts(clock, max, ({ level, message }) => told.push(`${level}: ${message}`));
  const open = (count: number) => {
    for (let i = 0; i < count; i++) watch.opened(1);
  };
  return { clock, told, watch, open };
}

test("of 100 connections the 90th warns that the limit is near, and again only after there were fewer than 80", () => {
  const { told, watch } = alerts(100);
  watch.opened(89);
  expect(told).toEqual([]);
  watch.opened(90);
  watch.opened(91);
  watch.closed(80);
  watch.opened(95);
  expect(told).toHaveLength(1);
  watch.closed(79);
  watch.opened(90);
  expect(told).toEqual(
    Array(2).fill("warning: 90 of 100 connections are in use: raise websocket.max_connections?"),
  );
});

test("50 connections within ten seconds are a spike, told once a minute while it lasts; 49 are none", () => {
  const { clock, told, open } = alerts(10_000);
  open(49);
  clock.advance(10_000);
  open(49);
  clock.advance(10_000);
  expect(told).toEqual([]);
  open(200);
  expect(told).toEqual(["warning: 50 connections were opened within ten seconds"]);
  clock.advance(59_000);
  open(200);
  expect(told).toHaveLength(1);
  clock.advance(10_000);
  open(400);
  expect(told).toHaveLength(2);
});

test("where 50 in ten seconds are usual they are no spike, ten times as many are", () => {
  const { clock, told, open } = alerts(10_000);
  for (let slot = 0; slot < 30; slot++) {
    open(49);
    clock.advance(10_000);
  }
  open(489);
  expect(told).toEqual([]);
  open(1);
  expect(told).toEqual(["warning: 490 connections were opened within ten seconds"]);
});

test("what was told of connections is over when there is room, and when the rush has passed", () => {
  const clock = new ManualClock();
  const over: string[] = [];
  const watch = new ConnectionAlerts(
    clock,
    100,
    () => {},
    (key) => over.push(key),
  );
  for (let i = 0; i < 50; i++) watch.opened(95);
  watch.closed(79);
  expect(over).toEqual(["server/near-limit"]);
  clock.advance(59_000);
  watch.closed(70);
  expect(over).toHaveLength(1);
  clock.advance(1000);
  watch.closed(60);
  watch.closed(50);
  expect(over).toEqual(["server/near-limit", "server/spike"]);
});

test("a daemon for ten clients warns its subscribers durably when the ninth comes", async () => {
  const daemon = await startDaemon({ config: "devices: []\nwebsocket: {max_connections: 10}\n" });
  const { until } = await listen(daemon.url);
  for (let i = 0; i < 8; i++) await client(daemon.url);
  expect(await until(({ type }) => type === "system_alert")).toMatchObject({
    level: "warning",
    source: "server",
    message: "9 of 10 connections are in use: raise websocket.max_connections?",
    details: { open: 9, max_connections: 10 },
    seq: expect.any(Number),
  });
});
