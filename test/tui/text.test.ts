import { expect, test } from "vitest";
import type { ServerFrame } from "../../src/shared/ws-messages.ts";
import { parseAddress } from "../../src/tui/client/address.ts";
import { jobRowText } from "../../src/tui/monitor/job-row.ts";
import { eventLine, stateLines } from "../../src/tui/text/event-line.ts";
import { formatAge, formatDuration, formatPercent, oneLine } from "../../src/tui/text/format.ts";
import { nearest } from "../../src/tui/text/nearest.ts";
import { progressBar } from "../../src/tui/text/progress-bar.ts";
import { boxTable, textTable } from "../../src/tui/text/table.ts";
import { createTheme, wantsColor, wantsUnicode } from "../../src/tui/text/theme.ts";
import { textWidth } from "../../src/tui/text/width.ts";
import { deviceView, jobView } from "../support/views.ts";

const plain = createTheme(false, true);
const ascii = createTheme(false, false);
const timestamp = "2026-11-22T10:00:05.000Z";

function lineOf(frame: Record<string, unknown>): string | undefined {
  return eventLine({ timestamp, ...frame } as unknown as ServerFrame, plain)?.slice("00:00:00  ".length);
}

test("durations, shares and ages read as people say them", () => {
  expect([5, 65, 3725].map(formatDuration)).toEqual(["5 s", "1 m 05 s", "1 h 02 m"]);
  expect([0, 0.999, 1].map(formatPercent)).toEqual(["0%", "99%", "100%"]);
  expect(formatAge(timestamp, Date.parse(timestamp) + 125_000)).toBe("2 m ago");
});

test("a bar of 10 cells at 45 % is 4 full cells, a half and 5 empty", () => {
  expect(progressBar(0.45, 10, plain.glyphs)).toBe("████▌░░░░░");
  expect(progressBar(0.45, 10, ascii.glyphs)).toBe("####......");
  expect(progressBar(1, 4, plain.glyphs)).toBe("████");
});

test("each event is one line that says what it is about and what happened", () => {
  expect(
    lineOf({
      type: "job_state_change",
      job_id: "spiral",
      from_state: "QUEUED",
      to_state: "RUNNING",
      reason: "Job started by daemon",
      metadata: { pen: null, paper: null, estimated_time: 60 },
      seq: 1,
    }),
  ).toBe("spiral  QUEUED → ▶ RUNNING  Job started by daemon");
  expect(
    lineOf({
      type: "job_progress",
      job_id: "spiral",
      progress: 0.45,
      current_layer: 2,
      total_layers: 4,
      estimated_remaining: 990,
    }),
  ).toBe("spiral  45%, 16 m 30 s left, layer 2 of 4");
  expect(lineOf({ type: "gap", from_seq: 3, to_seq: 9 })).toBe("gap  events 3 to 9 are lost");
  expect(lineOf({ type: "subscribed", channels: [], epoch: "e", seq: 1 })).toBeUndefined();
});

test("the state is a line for each machine and job", () => {
  const lines = stateLines(null, [deviceView("virtual_001")], [jobView("spiral", { progress: 0.5 })], plain);
  expect(lines).toEqual([
    "virtual_001  ● connected  paper ready, pen up, at 0.0, 0.0 mm",
    "spiral  ○ QUEUED  50%, 1 m 00 s left  planned",
  ]);
});

test("a message with line breaks and terminal control becomes one harmless line", () => {
  expect(oneLine("a\nb\x1b[2Jc\x07")).toBe("a b[2Jc");
  expect(oneLine("a\u202egvs.\u2066b\u200f")).toBe("agvs.b"); // a file that says it is another
});

test.each([40, 60, 80, 120, 300])(
  "a job's row is exactly %i cells wide and holds id, state and per cent",
  (width) => {
    const row = jobRowText(
      jobView("spiral", { state: "RUNNING", progress: 0.42, reason: "日本" }),
      true,
      width,
      plain,
    );
    expect(textWidth(row)).toBe(width);
    expect(row).toMatch(/^> spiral.*▶ RUNNING.*42%/);
  },
);

test("NO_COLOR, --no-color and TERM=dumb take the colour away; a pipe has none", () => {
  const terminal = { isTTY: true };
  expect(wantsColor(terminal, {}, undefined)).toBe(true);
  expect(wantsColor(terminal, { NO_COLOR: "1" }, undefined)).toBe(false);
  expect(wantsColor(terminal, {}, false)).toBe(false);
  expect(wantsColor(terminal, { TERM: "dumb" }, undefined)).toBe(false);
  expect(wantsColor({}, {}, undefined)).toBe(false);
  expect(wantsUnicode({ LANG: "C" })).toBe(false);
  expect(wantsUnicode({ LANG: "de_DE.UTF-8" })).toBe(true);
});

test("a mistyped id finds its neighbour, and a strange one none", () => {
  expect(nearest("spirl", ["waves", "spiral"])).toBe("spiral");
  expect(nearest("zebra", ["waves", "spiral"])).toBeUndefined();
});

test("columns of a text table line up", () => {
  expect(
    textTable(
      ["ID", "STATE"],
      [
        ["spiral", "QUEUED"],
        ["a", "RUNNING"],
      ],
    ),
  ).toBe("ID      STATE\nspiral  QUEUED\na       RUNNING");
});

test("a daemon's URL may be written as ws, http or host and port; its key leaves the URL", () => {
  expect(parseAddress("http://studio:9000")).toMatchObject({
    wsUrl: "ws://studio:9000/ws",
    httpUrl: "http://studio:9000",
  });
  expect(parseAddress("wss://studio/plotters/ws")).toMatchObject({
    wsUrl: "wss://studio/plotters/ws",
    httpUrl: "https://studio/plotters",
  });
  expect(parseAddress("studio:9000").wsUrl).toBe("ws://studio:9000/ws");
  expect(parseAddress("studio").wsUrl).toBe("ws://studio:8766/ws");
  expect(parseAddress("ws://studio:9000/ws?api_key=k")).toMatchObject({
    apiKey: "k",
    wsUrl: "ws://studio:9000/ws",
  });
  expect(() => parseAddress("ftp://studio")).toThrow("is no daemon's URL");
});

test("where a terminal is too narrow for the columns, each record is a table of its own, a fact a line", () => {
  const head = ["ID", "STATE", "DONE", "LEFT", "PEN", "PAPER", "MACHINE"];
  const row = (id: string) => [id, "QUEUED", "0%", "1 m 58 s", "black", "-", "virtual_001"];
  const lines = boxTable(head, [row("spiral"), row("waves")], 40).split("\n");
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(40);
  expect(lines.filter((line) => line.includes("MACHINE"))).toHaveLength(2);
  expect(lines.find((line) => line.includes("waves"))).toMatch(/^│ ID +│ waves +│$/);
});

test("a table is as wide as it needs to be, and on a narrower terminal no wider than that, with nothing lost", () => {
  const reason = "the machine has no motor power: plug it in and switch it on";
  const rows = [["spiral", reason]];
  const wide = boxTable(["ID", "REASON"], rows, 200);
  expect(wide.split("\n")).toHaveLength(5);
  const narrow = boxTable(["ID", "REASON"], rows, 40);
  expect(Math.max(...narrow.split("\n").map(textWidth))).toBe(40);
  const told = narrow
    .split("\n")
    .slice(3, -1)
    .map((line) => line.split("│")[2]!.trim());
  expect(told.join("").replaceAll(" ", "")).toBe(reason.replaceAll(" ", ""));
});
