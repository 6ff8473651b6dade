import { expect, test } from "vitest";
import { createLog } from "../src/daemon/log.ts";
import { readableLine } from "../src/daemon/log-lines.ts";

function lines(logging: Parameters<typeof createLog>[0], isTTY = false) {
  const written: string[] = [];
  return { written, log: createLog(logging, { isTTY, write: (text: string) => written.push(text) }) };
}

test("on a pipe each entry is one line of JSON with time, level, module and sentence", () => {
  const { log, written } = lines({ level: "info", modules: [] });
  log.module("plotty.websocket").info({ open: 3 }, "client connected");
  log.module("plotty.websocket").debug("not at this level");
  expect(written).toHaveLength(1);
  expect(written[0]!.endsWith("\n")).toBe(true);
  expect(JSON.parse(written[0]!)).toMatchObject({
    level: "info",
    module: "plotty.websocket",
    msg: "client connected",
    open: 3,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});

test("on a terminal an entry is a line to read", () => {
  const entry = {
    level: "warn",
    time: "2026-11-22T10:11:12.000Z",
    pid: 1,
    module: "plotty.jobs",
    msg: "paper is out",
  };
  const json = JSON.stringify({
    ...entry,
    job_id: "a",
    why: "two words",
    err: { message: "no reply", stack: "x" },
  });
  expect(readableLine(json, false)).toBe(
    '10:11:12 WARN  plotty.jobs paper is out job_id=a why="two words" err="no reply"\n',
  );
  const { log, written } = lines({ level: "info", modules: [] }, true);
  log.module("plotty.jobs").info("ready");
  expect(written[0]).toMatch(/^\d\d:\d\d:\d\d .*INFO .* plotty\.jobs ready\n$/);
});

test("the seeds' filter lets plotty.websocket speak and keeps the others to their errors", () => {
  const { log, written } = lines({ level: "debug", modules: ["plotty.websocket"] });
  log.module("plotty.websocket").debug("a");
  log.module("plotty.websocket.outbox").debug("b");
  log.module("plotty.jobs").warn("c");
  log.module("plotty.websockets").debug("d");
  log.module("plotty.jobs").error("e");
  expect(written.map((line) => JSON.parse(line).msg)).toEqual(["a", "b", "e"]);
});

test("warning is a level too, and silent is silent", () => {
  const warning = lines({ level: "warning", modules: [] });
  warning.log.module("plotty").info("a");
  warning.log.module("plotty").warn("b");
  expect(warning.written).toHaveLength(1);
  const silent = lines({ level: "silent", modules: [] });
  silent.log.module("plotty").fatal("a");
  expect(silent.written).toEqual([]);
});

test("keys, tokens and secrets never reach a line", () => {
  const { log, written } = lines({ level: "info", modules: [] });
  log.module("plotty").info({ api_key: "hunter2", headers: { authorization: "Bearer hunter2" } }, "x");
  log.module("plotty").info({ config: { websocket: { api_key: "hunter2" } }, token: "hunter2" }, "y");
  expect(written.join("")).not.toContain("hunter2");
  expect(written.join("")).toContain("[secret]");
});

test("a key in an address, a robot's key and every configured secret are blanked wherever they stand in a line", () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const log = createLog({ level: "info", modules: [] }, stream, () => [
    "hunter2-hunter2",
    'with "quotes"',
  ]).module("x");
  log.info({ url: "ws://a/ws?api_key=topsecret&b=1", err: new Error("GET /x?token=topsecret failed") }, "a");
  log.info("crpa_topsecret_topsecret was shown, and Bearer topsecret");
  log.info({ deep: { in: ["hunter2-hunter2"] } }, 'hunter2-hunter2 and with "quotes"');
  expect(written).toHaveLength(3);
  for (const line of written) {
    expect(line).not.toMatch(/topsecret|hunter2|quotes/);
    expect(JSON.parse(line)).toMatchObject({ level: "info" });
  }
  expect(written[0]).toContain("b=1");
});

test("a reload changes what a module says from then on", () => {
  const { log, written } = lines({ level: "info", modules: [] });
  const jobs = log.module("plotty.jobs");
  jobs.debug("a");
  log.configure({ level: "debug", modules: ["plotty.jobs"] });
  jobs.debug("b");
  log.module("plotty.http").info("c");
  expect(written.map((line) => JSON.parse(line).msg)).toEqual(["b"]);
});
