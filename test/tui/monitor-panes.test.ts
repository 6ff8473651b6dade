import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEY, openScreen } from "../support/pty-screen.ts";
import { deviceView, jobView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

const PLOTTY = fileURLToPath(new URL("../../bin/plotty.js", import.meta.url));
const BRAILLE = /[\u2801-\u28ff]/;
const TAB = "\t";

let daemon: WireServer;
let screen: ReturnType<typeof openScreen>;

async function openMonitor(size: Parameters<typeof openScreen>[1] = {}, args: string[] = []) {
  screen = openScreen([process.execPath, PLOTTY, "monitor", "--url", daemon.url, ...args], size);
  await screen.until("42%");
}

beforeEach(async () => {
  daemon = await new WireServer().start();
  daemon.jobs.set(
    "spiral",
    jobView("spiral", {
      state: "RUNNING",
      progress: 0.42,
      device: "virtual_001",
      layers: [
        { name: "sea", pen: "blue", strokes: 5, pause_before: false },
        { name: "sun", pen: "red", strokes: 7, pause_before: true },
      ],
      total_layers: 2,
      estimate: { ...jobView("x").estimate!, points: 5 },
    }),
  );
  daemon.jobs.set("waves", jobView("waves"));
  daemon.jobs.set("night", jobView("night"));
  daemon.plans.set("spiral", {
    unit: "mm",
    polylines: [
      [
        [0, 0],
        [100, 0],
        [100, 80],
        [0, 80],
        [0, 0],
      ],
    ],
    meta: [{ layer: "sea", stroke: 0 }],
    notes: [],
  });
});

afterEach(async () => {
  screen.kill("SIGKILL");
  await daemon.stop();
});

function plotted(points: number, share = 0.42): void {
  daemon.publishState({
    type: "job_progress",
    job_id: "spiral",
    progress: share,
    current_layer: 1,
    total_layers: 2,
    estimated_remaining: 60,
    metadata: { points_plotted: points, total_points: 5 },
  });
}

/** Cells of the screen in the colour of ink that is laid down, green. */
function inkedCells(): number {
  const { active } = screen.terminal.buffer;
  let count = 0;
  for (let y = 0; y < screen.terminal.rows; y++) {
    for (let x = 0; x < screen.terminal.cols; x++) {
      const cell = active.getLine(y)?.getCell(x);
      if (cell && BRAILLE.test(cell.getChars()) && cell.getFgColor() === 2) count += 1;
    }
  }
  return count;
}

test("the drawing of the running job is on the screen, and its ink grows with the points that are plotted", async () => {
  await openMonitor();
  await screen.until(BRAILLE);
  plotted(1);
  await screen.until(() => inkedCells() <= 1);
  const at: number[] = [];
  for (const points of [2, 3, 5]) {
    plotted(points);
    await screen.until(() => inkedCells() > (at.at(-1) ?? 1));
    at.push(inkedCells());
  }
  expect(at[2]).toBeGreaterThan(at[0]!);
});

test("a pen on its way along a line inks it behind itself", async () => {
  await openMonitor();
  await screen.until(BRAILLE);
  plotted(1);
  await screen.until(() => inkedCells() <= 1);
  daemon.publishState({
    type: "device_status",
    device_id: "virtual_001",
    status: "busy",
    pen_up: false,
    position: { x: 60, y: 0 },
    metadata: { firmware_version: "3.0.2", motor_current: null },
  });
  await screen.until(() => inkedCells() > 5);
  expect(screen.text()).toContain("●");
});

test("Enter opens the job with its layers and pens, + zooms, v shows travel, Esc goes back", async () => {
  await openMonitor();
  screen.press("\r");
  await screen.until(/sea {2}pen blue, 5/);
  await screen.until(/sun {2}pen red, 7/);
  screen.press("+");
  await screen.until("1.5x");
  screen.press("0");
  await screen.until((shown) => !shown.includes("1.5x"));
  screen.press("v");
  await screen.until(/spiral 42%, travel/);
  screen.press(KEY.escape);
  await screen.until(/1 jobs 3/);
});

test("where the locale is not UTF-8 the drawing is in ASCII, and so is all else", async () => {
  await openMonitor({ env: { LANG: "C", LC_ALL: "C" } });
  await screen.until(/\.{10}/);
  plotted(5, 0.99);
  await screen.until(/#{10}/);
  expect([...screen.text()].filter((character) => character > "\x7f")).toEqual([]);
});

test("the drawing is rasterised anew for another size", async () => {
  await openMonitor({ columns: 80, rows: 24 });
  await screen.until(BRAILLE);
  screen.resize(140, 45);
  await screen.until((shown) => shown.split("\n").filter((line) => BRAILLE.test(line)).length > 15);
  screen.resize(70, 16);
  await screen.until((shown) => /^plotty.*live/.test(shown) && /q quit$/.test(shown.trimEnd()));
});

test("Tab and the digits go from pane to pane, and every pane can be had on 40x12", async () => {
  await openMonitor({ columns: 40, rows: 12 });
  for (const title of ["2 drawing", "3 machines", "4 alerts", "5 events", "6 statistics", "1 jobs"]) {
    screen.press(TAB);
    await screen.until(`> ${title}`);
  }
  screen.press("6");
  await screen.until(/clients {2}1/);
  screen.press("3");
  await screen.until(/firmware 2\.8\.1/);
  expect(screen.lines().every((line) => line.length <= 40)).toBe(true);
});

test("/ leaves the jobs that hold what is typed, Esc brings the others back", async () => {
  await openMonitor();
  screen.press("/");
  await screen.until(/^\/_/m);
  screen.press("wav");
  await screen.until((shown) => shown.includes("waves") && !shown.includes("night"));
  screen.press("\r");
  await screen.until("1 jobs 1 with wav");
  screen.press(KEY.escape);
  await screen.until("night");
});

test(": takes the words of the command line; a mistyped one gets the nearest", async () => {
  await openMonitor();
  screen.press(":");
  await screen.until(/^:_/m);
  screen.press("puase\r");
  await screen.until("did you mean pause?");
  screen.press(":");
  await screen.until(/^:_/m);
  screen.press("pause\r");
  await screen.until("spiral is PAUSED");
  screen.press(":");
  await screen.until(/^:_/m);
  screen.press("cancel waves night\r");
  await screen.until("cancel takes one name at most"); // it would be a job more than is asked about
  screen.press(":");
  await screen.until(/^:_/m);
  screen.press("cancel waves\r");
  await screen.until("Cancel waves?");
  screen.press("y");
  await screen.until(/waves.*CANCELLED/);
});

test(": asks before it removes a job that ended before the monitor came", async () => {
  daemon.jobs.set("ancient", jobView("ancient", { state: "COMPLETED" }));
  await openMonitor();
  screen.press(":");
  await screen.until(/^:_/m);
  screen.press("remove ancient\r");
  await screen.until("Remove ancient?");
  screen.press("n");
  await screen.until("p pause");
  expect(daemon.requests).toEqual([]);
});

test("K moves the selected job up in the queue", async () => {
  await openMonitor();
  screen.press(KEY.down);
  await screen.until("> waves");
  screen.press(KEY.down);
  await screen.until("> night");
  screen.press("K");
  await screen.until("night is now number 1");
  expect(daemon.requests).toEqual([{ line: "PATCH /api/v1/jobs/night", body: '{"position":0}' }]);
  await screen.until((shown) => shown.indexOf("night ") < shown.indexOf("waves "));
});

test("a adds a file, and Tab completes its path", async () => {
  await openMonitor();
  screen.press("a");
  await screen.until("add file: _");
  screen.press("examples/de");
  await screen.until("examples/de_");
  screen.press(TAB);
  await screen.until("examples/demo.svg_");
  screen.press("\r");
  await screen.until("demo is queued");
  expect(daemon.requests[0]!.line).toBe("POST /api/v1/jobs?name=demo.svg");
});

test("x acknowledges an alert at the daemon, so that it is seen for everybody", async () => {
  await openMonitor();
  daemon.publish({
    type: "system_alert",
    level: "warning",
    message: "pen worn",
    details: {},
    id: "a1",
    source: "x",
  });
  await screen.until(/! warning +pen worn/);
  screen.press("x");
  await screen.until(/✓ warning +pen worn/);
  await screen.until("alerts 1, 0 open");
  expect(daemon.requests).toEqual([{ line: "POST /api/v1/alerts/a1/ack", body: "{}" }]);
});

test("an open alert from before the monitor is shown, one that was seen is not", async () => {
  for (const id of ["old", "older"])
    daemon.publish({
      type: "system_alert",
      level: "error",
      message: `${id} news`,
      details: {},
      id,
      source: "x",
    });
  daemon.acknowledged.add("older");
  await openMonitor();
  await screen.until(/error +old news/);
  expect(screen.text()).not.toContain("older news");
});

test("the event log tells what happened, the newest first", async () => {
  await openMonitor();
  daemon.move("spiral", "PAUSED", "pen change: load red");
  daemon.move("spiral", "RUNNING", "resumed");
  screen.press("5");
  await screen.until(/RUNNING {2}resumed[\s\S]*PAUSED {2}pen change: load red/);
});

test("--read-only changes nothing, by key and by command", async () => {
  await openMonitor({}, ["--read-only"]);
  for (const key of ["p", "c", "K", "a", "x"]) {
    screen.press(key);
    await screen.until("with --read-only");
    screen.press("?");
    await screen.until("any key goes back");
    screen.press("x");
    await screen.until(/q quit/);
  }
  screen.press(":");
  await screen.until(/^:_/m);
  screen.press("pause\r");
  await screen.until("nothing is changed with --read-only");
  expect(daemon.requests).toEqual([]);
});

test("--plain gives lines on a terminal: no cursor movement, no other screen", async () => {
  screen = openScreen([process.execPath, PLOTTY, "monitor", "--plain", "--url", daemon.url]);
  await screen.until(/spiral.*RUNNING.*42%/);
  expect(screen.raw()).not.toMatch(/\x1b\[(\?|\d*;?\d*[HJ])/);
});

test("a 300x100 terminal is filled, with one of each pane", async () => {
  daemon.devices.set("axidraw_001", deviceView("axidraw_001"));
  await openMonitor({ columns: 300, rows: 100 });
  const shown = await screen.until(BRAILLE);
  for (const title of ["1 jobs", "2 drawing", "3 machines", "4 alerts", "5 events", "6 statistics"]) {
    expect(shown.split(title)).toHaveLength(2);
  }
});
