import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AlertWatch, type Measured } from "../src/daemon/alert-watch.ts";
import { configSchema } from "../src/daemon/config-schema.ts";
import { hostMeter, hottestZone } from "../src/daemon/host-meter.ts";
import { RecentGrowth } from "../src/daemon/recent-growth.ts";
import { Rounds } from "../src/daemon/rounds.ts";
import { dataDir } from "./support/data-dir.ts";
import { FakeClock } from "./support/fake-clock.ts";

const WELL: Measured = {
  queueDepth: 0,
  temperatureC: 40,
  diskFreeMb: 9000,
  eventLoopLagMs: 20,
  starvedTotal: 0,
  slowClientsTotal: 0,
};

function watch() {
  const clock = new FakeClock();
  const told: string[] = [];
  const underWay = new Set<string>();
  let figures = WELL;
  const limits = { ...configSchema.parse({}).alerts };
  const host = new AlertWatch({
    limits,
    clock,
    measure: () => figures,
    desk: {
      raise: ({ key, level, message }) => {
        underWay.add(key!);
        told.push(`${level}: ${message}`);
      },
      over: (key, message) => {
        underWay.delete(key);
        told.push(`info: ${message}`);
      },
      isUnderWay: (key) => underWay.has(key),
    },
  });
  const fail = (error: unknown) => {
    throw error;
  };
  new Rounds(clock, 10_000, () => host.look(), fail).start();
  const after10s = (changed: Partial<Measured>) => {
    figures = { ...WELL, ...changed };
    clock.advance(10_000);
    return told.splice(0);
  };
  return { after10s, limits };
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

test("three strokes that stutter within ten minutes are told, and that none did for ten minutes more", () => {
  const { after10s } = watch();
  expect(after10s({ starvedTotal: 2 })).toEqual([]);
  expect(after10s({ starvedTotal: 3 })[0]).toMatch(/^warning: 3 strokes stuttered within ten minutes/);
  for (let i = 0; i < 58; i++) expect(after10s({ starvedTotal: 3 })).toEqual([]);
  expect(after10s({ starvedTotal: 3 })).toEqual([]);
  expect(after10s({ starvedTotal: 3 })).toEqual(["info: the strokes are smooth again"]);
});

test("five clients cut off within a minute are told; a limit changed meanwhile counts at the next look", () => {
  const { after10s, limits } = watch();
  expect(after10s({ slowClientsTotal: 4 })).toEqual([]);
  limits.slow_clients = 4;
  expect(after10s({ slowClientsTotal: 4 })[0]).toMatch(/^warning: 4 clients were cut off within a minute/);
});

test("a look that fails is told, and the next one comes all the same", () => {
  const clock = new FakeClock();
  const failures: unknown[] = [];
  let looks = 0;
  const look = () => {
    if (++looks === 2) throw new Error("the disk is away");
  };
  const rounds = new Rounds(clock, 10_000, look, (error) => failures.push(String(error)));
  rounds.start();
  clock.advance(30_000);
  rounds.stop();
  clock.advance(30_000);
  expect([looks, failures]).toEqual([4, ["Error: the disk is away"]]);
});

test("growth is counted over the window only, and a count that begins anew is no growth backwards", () => {
  const clock = new FakeClock();
  const growth = new RecentGrowth(clock, 60_000);
  const after10s = (total: number) => {
    clock.advance(10_000);
    return growth.since(total);
  };
  expect([100, 103, 103, 103, 103, 103, 103].map(after10s)).toEqual([0, 3, 3, 3, 3, 3, 3]);
  expect([103, 103].map(after10s)).toEqual([0, 0]);
  expect([1, 2].map(after10s)).toEqual([0, 1]);
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
