import { describe, expect, test } from "vitest";
import { adoptBoards } from "../../src/daemon/device/adopt-boards.ts";
import { portsFor } from "../../src/daemon/device/open-link.ts";

const board = (path: string, nickname: string | null = null) => ({ path, nickname, serial: nickname });
const NORA = board("/dev/ttyACM0", "Nora");
const ADA = board("/dev/ttyACM1", "Ada");
const PLAIN = board("/dev/ttyACM2");
const wanted = (port: string, knownAs: string | null = null, othersPorts: string[] = []) => ({
  port,
  knownAs,
  othersPorts,
});

describe("where a machine is looked for", () => {
  test("nickname: is found under whatever name its port has, and nowhere when it is away", () => {
    expect(portsFor(wanted("nickname:Ada"), [NORA, ADA])).toEqual(["/dev/ttyACM1"]);
    expect(portsFor(wanted("nickname:Ada"), [NORA, board("/dev/ttyACM7", "Ada")])).toEqual(["/dev/ttyACM7"]);
    expect(portsFor(wanted("nickname:Ada"), [NORA])).toEqual([]);
  });

  test("a board that has answered from a path is found again when that path has become another's", () => {
    const swapped = [board("/dev/ttyACM0", "Ada"), board("/dev/ttyACM1", "Nora")];
    expect(portsFor(wanted("/dev/ttyACM0", "Nora"), swapped)).toEqual(["/dev/ttyACM1"]);
    expect(portsFor(wanted("/dev/ttyACM0", "Nora"), [])).toEqual(["/dev/ttyACM0"]);
  });

  test("auto takes any board that is no other machine's own, one after the other", () => {
    const others = ["nickname:Nora", "/dev/ttyACM1"];
    expect(portsFor(wanted("auto", null, others), [NORA, ADA, PLAIN])).toEqual(["/dev/ttyACM2"]);
    expect(portsFor(wanted("auto"), [ADA, PLAIN])).toEqual(["/dev/ttyACM1", "/dev/ttyACM2"]);
  });
});

describe("ids of boards that nobody configured", () => {
  test("a nickname keeps its id over restarts and ports, another board gets the next free one", () => {
    const first = adoptBoards([NORA, ADA], [], []);
    expect(first).toEqual([
      { id: "axidraw_001", port: "nickname:Nora" },
      { id: "axidraw_002", port: "nickname:Ada" },
    ]);
    const moved = [board("/dev/ttyACM5", "Ada"), board("/dev/ttyACM6", "Eve")];
    expect(adoptBoards(moved, first, [])).toEqual([
      { id: "axidraw_002", port: "nickname:Ada" },
      { id: "axidraw_003", port: "nickname:Eve" },
    ]);
  });

  test("boards without a nickname share as many ids as there are of them; one replugged is the one that went", () => {
    const first = adoptBoards([PLAIN], [], []);
    expect(first).toEqual([{ id: "axidraw_001", port: "auto" }]);
    expect(adoptBoards([board("/dev/ttyACM9")], first, ["axidraw_001"])).toEqual([]);
    const second = adoptBoards([PLAIN, board("/dev/ttyACM9")], first, ["axidraw_001"]);
    expect(second).toEqual([{ id: "axidraw_002", port: "auto" }]);
  });
});
