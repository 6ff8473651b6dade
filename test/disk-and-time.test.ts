import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { expect, onTestFinished, test, vi } from "vitest";
import { Bus } from "../src/daemon/bus.ts";
import { openDatabase } from "../src/daemon/database.ts";
import { SqliteEventLog } from "../src/daemon/event-log.ts";
import { migrate } from "../src/daemon/migrate.ts";
import { MIGRATIONS } from "../src/daemon/migrations.ts";
import { Publisher } from "../src/daemon/publisher.ts";
import type { Clock } from "../src/shared/clock.ts";
import { ask, BIN, listen, plotty, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";
import { FakeClock } from "./support/fake-clock.ts";

vi.setConfig({ testTimeout: 90_000 }); // whole processes, on hosts that may be busy

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M5 5h9" stroke="red"/></svg>';
const DAY_MS = 86_400_000;

/** A database as the plotty of that schema left it, with one job in it. */
function oldDatabase(version: number): string {
  const directory = dataDir();
  const sql = new Database(join(directory, "plotty.db"));
  migrate(sql, join(directory, "plotty.db"), MIGRATIONS.slice(0, version));
  sql.exec(
    `INSERT INTO jobs VALUES ('rose', 'rose.svg', 'COMPLETED', '{"name":"COMPLETED"}', 'Drawn', 1, 2, 0, 1, 0, NULL, '{}', NULL, 1, 1)`,
  );
  sql.close();
  return directory;
}

function jobsIn(file: string): unknown[] {
  const sql = new Database(file, { readonly: true });
  const jobs = sql.prepare("SELECT id FROM jobs").all();
  sql.close();
  return jobs;
}

test("a database of an older plotty is copied beside itself before it is brought up to date; a new one is not", () => {
  const directory = oldDatabase(2);
  const database = openDatabase(directory);
  expect(database.sql.prepare("PRAGMA user_version").get()).toMatchObject({
    user_version: MIGRATIONS.length,
  });
  database.close();
  const backup = join(directory, "plotty.db.schema-2.backup");
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  expect([jobsIn(backup), jobsIn(join(directory, "plotty.db"))]).toEqual([
    [{ id: "rose" }],
    [{ id: "rose" }],
  ]);
  const fresh = dataDir();
  openDatabase(fresh).close();
  expect(readdirSync(fresh).filter((name) => name.endsWith(".backup"))).toEqual([]);
});

test("a migration that fails leaves the database at the step before it", () => {
  const directory = oldDatabase(1);
  const file = join(directory, "plotty.db");
  const sql = new Database(file);
  onTestFinished(() => void sql.close());
  expect(() =>
    migrate(sql, file, [MIGRATIONS[0]!, "CREATE TABLE a (b TEXT); CREATE TABLE a (b TEXT)"]),
  ).toThrow();
  expect(sql.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
  expect(sql.prepare("SELECT name FROM sqlite_master WHERE name = 'a'").all()).toEqual([]);
});

test("a daemon does not start on a damaged database, changes nothing in it and says what to do", async () => {
  const daemon = await startDaemon();
  for (const name of ["a", "b", "c"]) await ask(daemon.url, `/api/v1/jobs?name=${name}&hold=1`, "POST", SVG);
  await daemon.end();
  const file = join(daemon.directory, "data", "plotty.db");
  const handle = openSync(file, "r+");
  for (let page = 2; page < 8; page++) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  closeSync(handle);
  const before = readFileSync(file);
  const again = await plotty(["daemon", "--port", "0"], { PLOTTY_DATA_DIR: join(daemon.directory, "data") });
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(
    /^plotty: \S+plotty\.db cannot be used: it is damaged \(.*\); nothing was changed: put a backup in its place, .*\n$/,
  );
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(existsSync(join(daemon.directory, "data", "jobs", "a", "drawing.svg"))).toBe(true);
});

test("a drawing whose database was moved away is not written over by a new job of its name", async () => {
  const directory = dataDir();
  const first = await startDaemon({ directory });
  await ask(first.url, "/api/v1/jobs?name=rose&hold=1", "POST", SVG);
  await first.end();
  for (const end of ["", "-wal", "-shm"]) {
    const file = join(directory, "data", `plotty.db${end}`);
    if (existsSync(file)) execFileSync("mv", [file, `${file}.away`]);
  }
  const second = await startDaemon({ directory });
  const added = await ask(second.url, "/api/v1/jobs?name=rose&hold=1", "POST", SVG.replace("red", "blue"));
  expect(added.body.id).toBe("rose_001");
  expect(readFileSync(join(directory, "data", "jobs", "rose", "drawing.svg"), "utf8")).toBe(SVG);
});

/** Whether this user may mount a disk of its own, which nobody else sees. */
function mayMount(): boolean {
  try {
    execFileSync("unshare", ["-m", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.runIf(mayMount())("on a read-only disk the daemon ends with one sentence that says so", () => {
  const directory = dataDir();
  const script = `mount -t tmpfs -o size=8m tmpfs "$D" && mkdir "$D/jobs" && mount -o remount,ro "$D" && exec "$NODE" "$BIN" daemon --port 0`;
  const env = { ...process.env, D: directory, NODE: process.execPath, BIN, PLOTTY_DATA_DIR: directory };
  let said = "";
  try {
    execFileSync("unshare", ["-m", "sh", "-c", script], { env, stdio: "pipe" });
  } catch (error) {
    said = String((error as { stderr: Buffer }).stderr);
  }
  expect(said).toMatch(
    /^plotty: \S+ cannot be written \(EROFS: .*\): make it writable for this user, or choose another place with data_dir or PLOTTY_DATA_DIR\n$/,
  );
});

/** A clock whose wall time a person sets, as NTP or a dead battery do. */
class SetClock implements Clock {
  offMs = 0;
  readonly #clock = new FakeClock();
  monotonicMs = () => this.#clock.monotonicMs();
  wallMs = () => this.#clock.wallMs() + this.offMs;
  after = (ms: number, callback: () => void) => this.#clock.after(ms, callback);
  advance = (ms: number) => this.#clock.advance(ms);
}

test("a clock that jumps forward by a year while the daemon runs makes no event too old to be replayed; a year does", () => {
  const clock = new SetClock();
  const database = openDatabase(dataDir());
  onTestFinished(() => database.close());
  const log = new SqliteEventLog(database, clock, { maxAgeDays: 30, maxEvents: 1000 });
  const publisher = new Publisher(new Bus(() => undefined), database, log, clock);
  for (let i = 0; i < 5; i++) publisher.alert({ level: "warning", source: "test", message: String(i) });
  clock.offMs = 365 * DAY_MS;
  log.prune();
  expect([log.firstSeq, log.lastSeq]).toEqual([1, 5]);
  clock.offMs = 0;
  clock.advance(365 * DAY_MS);
  log.prune();
  expect(log.firstSeq).toBe(6);
});

test("jobs that ended last are kept, whatever the clock said; the others go with their folders, and that is told", async () => {
  const config = (keep: number) => `devices: []\nqueue: {keep_finished: ${keep}}\n`;
  const daemon = await startDaemon({ config: config(500) });
  for (const name of ["a", "b", "c"]) {
    await ask(daemon.url, `/api/v1/jobs?name=${name}&hold=1`, "POST", SVG);
    await ask(daemon.url, `/api/v1/jobs/${name}/cancel`, "POST");
  }
  await daemon.end();
  // As if `a` and `b` had ended while the clock was a year ahead.
  const sql = new Database(join(daemon.directory, "data", "plotty.db"));
  sql.exec(
    "UPDATE jobs SET created_ms = created_ms + 31536000000, updated_ms = updated_ms + 31536000000 WHERE id < 'c'",
  );
  sql.close();
  const second = await startDaemon({ config: config(2), directory: daemon.directory });
  const { until } = await listen(second.url, {
    since: { epoch: (await ask(second.url, "/api/v1/system")).body.epoch, seq: 0 },
  });
  expect(await until((frame) => frame.type === "job_removed")).toMatchObject({ job_id: "a" });
  const { body } = await ask(second.url, "/api/v1/jobs");
  expect(body.jobs.map((job: { id: string }) => job.id)).toEqual(["c", "b"]);
  const folders = () => readdirSync(join(daemon.directory, "data", "jobs")).sort();
  while (folders().length > 2) await new Promise((done) => setTimeout(done, 5));
  expect(folders()).toEqual(["b", "c"]);
});

test("a second daemon on the same data directory ends with one sentence, and the first goes on", async () => {
  const { url, directory } = await startDaemon();
  const second = await plotty(["daemon", "--port", "0"], { PLOTTY_DATA_DIR: join(directory, "data") });
  expect(second).toMatchObject({ code: 1, stdout: "" });
  expect(second.stderr).toMatch(
    /^plotty: another plotty daemon uses the data directory \S+: stop it, or give this one its own with PLOTTY_DATA_DIR\n$/,
  );
  expect((await ask(url, "/healthz")).status).toBe(200);
});

test("a full disk refuses an upload with 507 and keeps nothing of it", { skip: !mayMount() }, () => {
  const directory = dataDir();
  writeFileSync(
    join(directory, "run.sh"),
    `
    mount -t tmpfs -o size=4m tmpfs "$D/data" || exit 9
    "$NODE" "$BIN" daemon --port 0 > "$D/out" 2> "$D/err" & daemon=$!
    until grep -q listening "$D/out"; do sleep 0.05; done
    url=$(sed -n 's/.*listening on ws\\(.*\\)\\/ws/http\\1/p' "$D/out")
    head -c 8000000 /dev/zero | tr '\\0' ' ' > "$D/big.svg"
    curl -sS -o "$D/answer" -w '%{http_code}\\n' --data-binary "@$D/big.svg" "$url/api/v1/jobs"
    ls "$D/data/jobs" "$D/data/uploads" | grep -c part
    curl -sS -o /dev/null -w '%{http_code}\\n' -d '<svg xmlns="http://www.w3.org/2000/svg"/>' "$url/api/v1/jobs?hold=1"
    kill $daemon; wait $daemon; echo $?
  `,
  );
  execFileSync("mkdir", [join(directory, "data")]);
  const env = {
    ...process.env,
    D: directory,
    NODE: process.execPath,
    BIN,
    PLOTTY_DATA_DIR: join(directory, "data"),
  };
  const said = execFileSync("unshare", ["-m", "sh", join(directory, "run.sh")], { env, encoding: "utf8" });
  expect(said.trim().split("\n")).toEqual(["507", "0", "201", "0"]);
  expect(readFileSync(join(directory, "answer"), "utf8")).toContain("the disk is full: free some room");
});
