import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HostFigures, HostWatch, hostMeter, hottestZone } from "../src/daemon/host-watch.ts";
import type { NewAlert } from "../src/daemon/publisher.ts";
import { dataDir } from "./support/data-dir.ts";
import { FakeClock } from "./support/fake-clock.ts";

const LIMITS = { queue_depth: 100, host_temperature_c: 75, disk_free_mb: 500 };
const WELL: HostFigures = { queueDepth: 0, temperatureC: 40, diskFreeMb: 9000, eventLoopLagMs: 20 };

function watch() {
  const clock = new FakeClock();
  const alerts: NewAlert[] = [];
  let figures = WELL;
  const host = new HostWatch({
    limits: LIMITS,
    clock,
    measure: () => figures,
    alert: (alert) => alerts.push(alert),
  });
  host.start();
  const after10s = (changed: Partial<HostFigures>) => {
    figures = { ...WELL, ...changed };
    clock.advance(10_000);
    return alerts.splice(0).map(({ level, message }) => `${level}: ${message}`);
  };
  return { after10s };
}

test("a figure over its limit is told once, and once more when it is over", () => {
  const { after10s } = watch();
  expect(after10s({ queueDepth: 101 })).toEqual(["warning: 101 jobs wait in the queue, more than 100"]);
  expect(after10s({ queueDepth: 150 })).toEqual([]);
  expect(after10s({ queueDepth: 95 })).toEqual([]);
  expect(after10s({ queueDepth: 90 })).toEqual(["info: the queue is short again"]);
});

test("heat, a disk that fills up and a daemon that is held up are each told", () => {
  const { after10s } = watch();
  expect(after10s({ temperatureC: 76 })[0]).toContain("76 °C warm, more than 75 °C");
  expect(after10s({ diskFreeMb: 499 })).toEqual([
    "info: the host has cooled down",
    "warning: only 499 MB are free where the jobs are kept: make room, or nothing more can be added",
  ]);
  expect(after10s({ eventLoopLagMs: 1800 })).toContain("info: there is room on the disk again");
});

test("the warmest zone counts; a sensor that cannot be read, or none at all, is no temperature", () => {
  const folder = dataDir();
  for (const [zone, text] of [
    ["thermal_zone0", "45200\n"],
    ["thermal_zone1", "51000\n"],
    ["cooling_device0", "99000"],
  ]) {
    mkdirSync(join(folder, zone!));
    writeFileSync(join(folder, zone!, "temp"), text!);
  }
  mkdirSync(join(folder, "thermal_zone2"));
  expect(hottestZone(folder)).toBe(51);
  expect(hottestZone(join(folder, "nowhere"))).toBe(null);
});

test("this host is measured: some disk is free, and no figure is invented", () => {
  const meter = hostMeter(dataDir(), () => 3);
  const figures = meter.measure();
  meter.stop();
  expect(figures.queueDepth).toBe(3);
  expect(figures.diskFreeMb).toBeGreaterThan(0);
  expect(figures.eventLoopLagMs).toBeGreaterThanOrEqual(0);
});
