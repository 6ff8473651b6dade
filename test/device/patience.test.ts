import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DiskPatience } from "../../src/daemon/device/disk-patience.ts";
import { PositionJournal, readJournal } from "../../src/daemon/device/journal.ts";
import { SimBoard } from "../../src/daemon/device/link/sim-board.ts";
import { PowerWatch } from "../../src/daemon/device/power-watch.ts";
import { createLog } from "../../src/daemon/log.ts";
import { PlottyError } from "../../src/shared/errors.ts";
import { dataDir } from "../support/data-dir.ts";
import { FakeClock } from "../support/fake-clock.ts";

const log = createLog({ level: "silent", modules: [] }, process.stderr).module("test");

test("a journal on a full disk tells of it and goes on; one with room holds the newest position", async () => {
  const full = join(dataDir(), "position.json");
  symlinkSync("/dev/full", full);
  const codes: (string | undefined)[] = [];
  const journal = new PositionJournal(full, (error) => codes.push((error as NodeJS.ErrnoException).code));
  journal.write({ move: 2, mm: 1 });
  journal.write({ move: 2, mm: 2 });
  await journal.close();
  expect(codes).toEqual(["ENOSPC", "ENOSPC"]);
  const path = join(dataDir(), "position.json");
  const good = new PositionJournal(path, (error) => expect.unreachable(error.message));
  for (let mm = 0; mm < 100; mm++) good.write({ move: 2, mm });
  await good.close();
  expect(readJournal(path)).toEqual({ move: 2, mm: 99 });
  expect(readFileSync(path)).toHaveLength(128);
});

test("what the disk refuses is kept in order and tried again; it is told once; other failures are thrown", () => {
  let isFull = true;
  let told = 0;
  const done: string[] = [];
  const patience = new DiskPatience(log, () => told++);
  const work = (name: string) => () => {
    if (isFull) throw new PlottyError("disk.full", "full");
    done.push(name);
  };
  patience.insist(work("first"));
  patience.insist(work("second"));
  expect(patience.attempt(work("not worth waiting for"))).toBe(false);
  isFull = false;
  patience.insist(work("third"));
  expect([done, told]).toEqual([[], 1]);
  patience.again();
  expect(done).toEqual(["first", "second", "third"]);
  expect(() =>
    patience.attempt(() => {
      throw new Error("a mistake");
    }),
  ).toThrow("a mistake");
  patience.close();
});

test("a motor supply that is low for 200 ms is lost, for less it was a dip, and a good reading is its end", () => {
  const watch = new PowerWatch(true);
  const [good, low] = [{ powered: true }, { powered: false }];
  expect([watch.read(low, 0), watch.isSure]).toEqual([null, false]);
  expect([watch.read(low, 190), watch.read(good, 230), watch.isSure]).toEqual([null, null, true]);
  expect([300, 400, 500, 600].map((ms) => watch.read(low, ms))).toEqual([null, null, "lost", null]);
  expect([watch.read(good, 700), watch.isSure]).toEqual(["back", true]);
});

test("a motor supply of next to nothing is lost at once, though it be back 100 ms later", () => {
  const watch = new PowerWatch(true);
  expect(watch.read({ powered: false, absent: true }, 0)).toBe("lost");
  expect(watch.isSure).toBe(false);
  expect(watch.read({ powered: true, absent: false }, 100)).toBe("back");
});

test("a board that keeps no ink draws for a day in no more memory, and one that does keeps every stroke", () => {
  const drawn = (keepsInk: boolean) => {
    const clock = new FakeClock();
    const board = new SimBoard({ clock, model: "axidraw_v3", keepsInk, instant: true });
    board.receive("EM,1,1\r");
    for (let stroke = 0; stroke < 50; stroke++) {
      for (const command of ["SP,0,400", "SM,100,400,0", "SP,1,400"]) {
        board.receive(`${command}\r`);
        clock.advance(500);
      }
    }
    return board.ink().length;
  };
  expect([drawn(false), drawn(true)]).toEqual([0, 50]);
});
