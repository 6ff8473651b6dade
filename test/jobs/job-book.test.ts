import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Bus, type BusEvent } from "../../src/daemon/bus.ts";
import { openDatabase } from "../../src/daemon/database.ts";
import { SqliteEventLog } from "../../src/daemon/event-log.ts";
import { JobBook } from "../../src/daemon/jobs/job-book.ts";
import type { JobRecord } from "../../src/daemon/jobs/job-record.ts";
import { JobStore } from "../../src/daemon/jobs/store.ts";
import { Publisher } from "../../src/daemon/publisher.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { eventSchema } from "../../src/shared/ws-messages.ts";
import { dataDir } from "../support/data-dir.ts";

const LIMITS = { maxAgeDays: 30, maxEvents: 100_000 };

function open(path: string, hooks = {}) {
  const database = openDatabase(path);
  onTestFinished(() => database.close());
  const heard: BusEvent[] = [];
  const bus = new Bus((error) => {
    throw error;
  });
  bus.subscribe((event) => heard.push(event));
  const log = new SqliteEventLog(database, systemClock, LIMITS);
  const store = new JobStore(database);
  const book = new JobBook(database, store, new Publisher(bus, database, log, systemClock), hooks);
  return { database, heard, log, store, book };
}

function job(id: string): JobRecord {
  return {
    id,
    name: `${id}.svg`,
    state: { name: "NEW" },
    reason: "Job added",
    createdMs: 1000,
    updatedMs: 1000,
    priority: 0,
    rank: 1,
    hold: false,
    device: null,
    options: { paper: "A4" },
    plan: null,
    progress: 0,
    inked: false,
  };
}

test("a transition is on disk when its event is heard, numbered without a hole", () => {
  const { book, heard, log } = open(dataDir());
  book.create(job("rose"));
  book.transition("rose", { type: "planStarted", reason: "Planning" });
  book.transition("rose", { type: "planned", reason: "Planned" });
  expect(heard.map((event) => eventSchema.parse(event))).toMatchObject([
    { from_state: null, to_state: "NEW", seq: 1, metadata: { pen: null, paper: "a4", estimated_time: null } },
    { from_state: "NEW", to_state: "PLANNING", seq: 2 },
    { from_state: "PLANNING", to_state: "QUEUED", seq: 3, reason: "Planned" },
  ]);
  expect(log.read(1, 3, 10).map((event) => JSON.parse(event.json))).toEqual(heard);
  expect(book.view("rose").history.map((entry) => entry.to_state)).toEqual(["NEW", "PLANNING", "QUEUED"]);
});

test("a refused transition changes and publishes nothing", () => {
  const { book, heard } = open(dataDir());
  book.create(job("rose"));
  expect(() => book.transition("rose", { type: "completed", reason: "" })).toThrow(
    "rose: a job that is NEW cannot become COMPLETED (completed): from there it can go to PLANNING, CANCELLED, FAILED",
  );
  expect(heard).toHaveLength(1);
  expect(book.view("rose").state).toBe("NEW");
});

test("jobs, their numbers and the epoch outlive the daemon", () => {
  const path = dataDir();
  const first = open(path);
  first.book.create(job("rose"));
  const { epoch } = first.log;
  first.database.close();
  const second = open(path);
  second.book.transition("rose", { type: "planStarted", reason: "Planning" });
  expect(second.heard).toMatchObject([{ seq: 2, to_state: "PLANNING" }]);
  expect(second.log.epoch).toBe(epoch);
});

test("a state whose hook says websocket: false is not told, and leaves no hole in the numbers", () => {
  const { book, heard } = open(dataDir(), { PLANNING: [{ websocket: false }] });
  book.create(job("rose"));
  book.transition("rose", { type: "planStarted", reason: "Planning" });
  book.transition("rose", { type: "planned", reason: "Planned" });
  expect(heard).toMatchObject([
    { to_state: "NEW", seq: 1 },
    { to_state: "QUEUED", seq: 2 },
  ]);
});

test("the log lets go of the oldest beyond its limit, and says where replay begins", () => {
  const { database, book } = open(dataDir());
  const small = new SqliteEventLog(database, systemClock, { maxAgeDays: 30, maxEvents: 3 });
  for (const id of ["a", "b", "c", "d", "e"]) book.create(job(id));
  small.prune();
  expect([small.firstSeq, small.lastSeq]).toEqual([3, 5]);
  book.create(job("f"));
  expect(small.lastSeq).toBe(6);
});

test("a second daemon on the same data directory is told so in one line", () => {
  const path = dataDir();
  open(path);
  expect(() => openDatabase(path)).toThrow(`another plotty daemon uses the data directory ${path}`);
});

test("the lock ends with the daemon that held it", () => {
  const path = dataDir();
  open(path).database.close();
  open(path);
});

test("a database of a newer plotty is left alone", () => {
  const path = dataDir();
  const { database } = open(path);
  database.sql.exec("PRAGMA user_version = 99");
  database.close();
  expect(() => openDatabase(path)).toThrow("was written by a newer plotty (schema 99");
});

test("nobody but its owner can read the data", () => {
  const path = dataDir();
  open(path).book.create(job("rose"));
  for (const file of ["plotty.db", "plotty.db-wal", "plotty.lock"]) {
    expect(statSync(join(path, file)).mode & 0o777, file).toBe(0o600);
  }
});

test("a data directory that cannot be made is refused in one sentence, also where the system says odd things", () => {
  expect(() => openDatabase("/proc/nowhere/plotty")).toThrow(
    /^the data directory \/proc\/nowhere\/plotty cannot be made: .*; choose another with data_dir or PLOTTY_DATA_DIR$/,
  );
});

test("a file that is no database is left alone and named", () => {
  const path = dataDir();
  writeFileSync(
    join(path, "plotty.db"),
    "this is a letter to my aunt, and long enough to look like something".repeat(20),
  );
  expect(() => openDatabase(path)).toThrow(`${join(path, "plotty.db")} cannot be used`);
  expect(readFileSync(join(path, "plotty.db"), "utf8")).toContain("aunt");
});
