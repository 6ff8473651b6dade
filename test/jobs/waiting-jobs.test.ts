import { expect, onTestFinished, test } from "vitest";
import { Bus } from "../../src/daemon/bus.ts";
import { configSchema } from "../../src/daemon/config-schema.ts";
import { openDatabase } from "../../src/daemon/database.ts";
import { Devices } from "../../src/daemon/device/devices.ts";
import { SqliteEventLog } from "../../src/daemon/event-log.ts";
import type { JobRecord } from "../../src/daemon/jobs/job-record.ts";
import { JobStore } from "../../src/daemon/jobs/store.ts";
import { WaitingJobs } from "../../src/daemon/jobs/waiting-jobs.ts";
import { createLog } from "../../src/daemon/log.ts";
import { Publisher } from "../../src/daemon/publisher.ts";
import { PLAN_START } from "../../src/shared/plan.ts";
import { dataDir } from "../support/data-dir.ts";
import { FakeClock } from "../support/fake-clock.ts";

/** A queue with one connected machine that has no paper. */
function queue() {
  const clock = new FakeClock();
  const config = configSchema.parse({ devices: [{ id: "v1", driver: "virtual", require_ready: true }] });
  const database = openDatabase(dataDir());
  onTestFinished(() => database.close());
  const eventLog = new SqliteEventLog(database, clock, { maxAgeDays: 30, maxEvents: 1000 });
  const publisher = new Publisher(new Bus(() => undefined), database, eventLog, clock);
  const log = createLog({ level: "silent", modules: [] }, { write: () => undefined }).module("test");
  const devices = new Devices({ config, simulateSpeed: null, database, publisher, log });
  const machine = devices.machine("v1");
  machine.state.isConnected = true;
  const store = new JobStore(database);
  const told: string[] = [];
  const watch = new WaitingJobs({
    store,
    devices,
    clock,
    limits: config.alerts,
    raise: ({ message }) => told.push(message),
  });
  const afterMinutes = (minutes: number) => {
    for (let i = 0; i < minutes * 6; i++) {
      watch.look();
      clock.advance(10_000);
    }
    return told.splice(0);
  };
  return { store, machine, afterMinutes };
}

function job(id: string, more: Partial<JobRecord> = {}): JobRecord {
  const totals = { durationS: 1, drawS: 1, travelS: 0, penS: 0, inkMm: 1, travelMm: 0, lifts: 1, points: 2 };
  const plan = { hash: "", model: "axidraw_v3", layers: [], totals, notes: [], timeFactor: 1 };
  return {
    ...{ id, name: id, reason: "Planned", createdMs: 1, updatedMs: 1, priority: 0, rank: 1, hold: false },
    ...{
      state: { name: "QUEUED" },
      device: null,
      options: {},
      plan,
      progress: 0,
      inked: false,
    },
    ...more,
  };
}

test("a job that has waited ten minutes for paper is told once; a held one waits for nobody", () => {
  const { store, afterMinutes } = queue();
  store.save(job("held", { hold: true }));
  store.save(job("rose"));
  expect(afterMinutes(9)).toEqual([]);
  expect(afterMinutes(2)).toEqual([
    "rose has waited 10 min for paper in v1: lay it in, then plotty ready v1",
  ]);
  expect(afterMinutes(60)).toEqual([]);
});

test("paper in time is no alert, and the next job's ten minutes begin when it is its turn", () => {
  const { store, machine, afterMinutes } = queue();
  store.save(job("rose"));
  afterMinutes(9);
  machine.state.isReady = true;
  expect(afterMinutes(9)).toEqual([]);
  machine.state.isReady = false;
  expect(afterMinutes(9)).toEqual([]);
  expect(afterMinutes(2)).toHaveLength(1);
});

test("a job that waits ten minutes for another pen is told with what to do", () => {
  const { store, machine, afterMinutes } = queue();
  const state = { name: "PAUSED", at: PLAN_START, byFault: false } as const;
  store.save(job("tulip", { state, reason: "pen change: load red", device: "v1" }));
  machine.state.jobId = "tulip";
  expect(afterMinutes(11)).toEqual([
    "tulip has waited 10 min on v1 for a pen change: load red, then plotty resume tulip",
  ]);
});
