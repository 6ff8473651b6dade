import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KEY, openScreen } from "../support/pty-screen.ts";
import { PLOTTY } from "../support/run-plotty.ts";
import { deviceView, jobView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

const BRAILLE = /[\u2801-\u28ff]/;
const SHIFT_TAB = "\x1b[Z";
const PANES = ["jobs", "drawing", "machines", "alerts", "events", "statistics"] as const;
const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 300, rows: 100 },
];

let daemon: WireServer;
let screen: ReturnType<typeof openScreen>;

/** Three jobs, the first under way; three machines, one of them without paper; two alerts. */
beforeEach(async () => {
  daemon = await new WireServer().start();
  daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING", progress: 0.42, device: "north" }));
  for (const id of ["waves", "night"]) daemon.jobs.set(id, jobView(id));
  daemon.devices.clear();
  daemon.devices.set("north", deviceView("north", { status: "busy", inked_today_mm: 12_340 }));
  daemon.devices.set("south", deviceView("south", { ready: false }));
  daemon.devices.set("east", deviceView("east", { status: "error", reason: "the motors have no power" }));
  daemon.plans.set("spiral", {
    ...{ unit: "mm", meta: [{ layer: "", stroke: 0 }], notes: [] },
    polylines: [Array.from({ length: 60 }, (_, i): [number, number] => [i * Math.cos(i), i * Math.sin(i)])],
  });
  for (const id of ["hot", "slow"])
    daemon.publish({ type: "system_alert", level: "warning", message: id, details: {}, id, source: "x" });
});

afterEach(async () => {
  screen.kill("SIGKILL");
  await daemon.stop();
});

async function openMonitor(size: Parameters<typeof openScreen>[1] = {}, args: string[] = []) {
  screen = openScreen([process.execPath, PLOTTY, "monitor", "--url", daemon.url, ...args], size);
  await screen.until("42%");
}

/** What of the screen is faint: text of the row that holds `word`, by cell. */
function isFaint(word: string): boolean {
  const { active } = screen.terminal.buffer;
  const y = screen.lines().findLastIndex((line) => line.includes(word));
  const x = screen.lines()[y]!.indexOf(word);
  return active.getLine(y)!.getCell(x)!.isDim() !== 0;
}

describe.each(SIZES)("on $columns x $rows", ({ columns, rows }) => {
  test("every pane can be had by its digit, and no line leaves the screen or another pane's place", async () => {
    await openMonitor({ columns, rows });
    daemon.move("waves", "QUEUED", "asked again");
    const contents = [
      /spiral.*42%/,
      BRAILLE,
      /north.*busy/,
      /warning +slow/,
      /waves {2}.*QUEUED {2}as/,
      /queue +2 waiting/,
    ];
    for (const [i, pane] of PANES.entries()) {
      screen.press(String(i + 1));
      await screen.until(`> ${i + 1} ${pane}`);
      await screen.until(contents[i]!);
      const lines = screen.lines();
      expect(lines).toHaveLength(rows);
      expect(lines[0]).toMatch(/^plotty .*live {2}\d\d:\d\d$/);
      expect(lines.at(-1)).toMatch(/p pause.*q( quit)?$/);
      expect(lines.join("\n").split(`${i + 1} ${pane}`)).toHaveLength(2);
    }
  });
});

test.each(SIZES.slice(0, 2))(
  "the help tells every key on $columns x $rows, and goes with any other",
  async (size) => {
    await openMonitor(size);
    screen.press("?");
    await screen.until(/ goes back/);
    await screen.until("brake along the path");
    screen.press("j".repeat(40));
    await screen.until(/leave with exit code/);
    screen.press("k".repeat(40));
    await screen.until("brake along the path");
    screen.press("x");
    await screen.until(/42%/);
  },
);

test("G and g go to the last and the first job, the arrows and j, k between", async () => {
  await openMonitor();
  for (const [key, id] of [
    ["G", "night"],
    ["k", "waves"],
    [KEY.up, "spiral"],
    ["j", "waves"],
    [KEY.down, "night"],
    ["g", "spiral"],
  ] as const) {
    screen.press(key);
    await screen.until(`> ${id}`);
  }
});

test("S-Tab goes to the pane before", async () => {
  await openMonitor();
  for (const title of ["6 statistics", "5 events", "4 alerts"]) {
    screen.press(SHIFT_TAB);
    await screen.until(`> ${title}`);
  }
});

test("what the daemon would refuse is faint in the footer: a running job is paused, not resumed", async () => {
  await openMonitor();
  await screen.until("r resume");
  await screen.until(() => isFaint("r resume") && !isFaint("p pause"));
  daemon.move("spiral", "PAUSED", "by hand");
  await screen.until(() => isFaint("p pause") && !isFaint("r resume"));
});

test("with --read-only every key that changes something is faint", async () => {
  await openMonitor({}, ["--read-only"]);
  await screen.until(() => ["p pause", "c cancel", "R ready"].every(isFaint) && !isFaint("q quit"));
});

test("t retries a job that has failed, J and K give a waiting one another place", async () => {
  await openMonitor();
  daemon.move("spiral", "FAILED", "no paper");
  await screen.until(/spiral.*FAILED/);
  screen.press("G");
  await screen.until("> spiral"); // what has ended stands last
  screen.press("t");
  await screen.until(/spiral.*QUEUED/);
  expect(daemon.requests.at(-1)!.line).toBe("POST /api/v1/jobs/spiral/retry");
  screen.press("g");
  screen.press("J");
  const [, number] = /is now number (\d) in the queue/.exec(
    await screen.until(/is now number [23] in the queue/),
  )!;
  // Whether the retried job stood first already, the queue tells it from 1, the wire from 0.
  const bodies = daemon.requests.map(({ body }) => body);
  expect(bodies).toContain(`{"position":${Number(number) - 1}}`);
});

test("the arrows move an enlarged drawing, and - makes it smaller again", async () => {
  await openMonitor();
  screen.press("\r");
  await screen.until(BRAILLE);
  screen.press("+");
  await screen.until("1.5x");
  const picture = () => screen.lines().slice(2, -3).join("\n");
  for (const key of ["h", "\x1b[C", KEY.up, "j"]) {
    const before = picture();
    screen.press(key);
    await screen.until(() => picture() !== before);
  }
  screen.press("-");
  await screen.until((shown) => !shown.includes("1.5x"));
});

test("a machine's line tells paper, pen, place and today's metres, or why it cannot draw", async () => {
  await openMonitor({ columns: 120, rows: 40 });
  await screen.until(/north ▶ busy +ready +pen up +0\.0, 0\.0 mm +today 12\.3/);
  await screen.until(/south ● connected +no paper/);
  await screen.until(/east +✗ error +ready +the motors have no power/);
});

test("keys pressed in one go count one by one: two down and one up select the second job", async () => {
  await openMonitor();
  screen.press("jjk");
  await screen.until("> waves");
  screen.press("/night\r");
  await screen.until("1 jobs 1 with night");
});

test("a terminal that becomes far too small and large again shows the whole screen", async () => {
  await openMonitor();
  screen.resize(12, 3);
  await screen.until((shown) => !shown.includes("machines"));
  screen.resize(80, 24);
  await screen.until(/spiral.*RUNNING.*42%/);
  await screen.until("3 machines 3");
});

test("the stale mark has the time of the loss, keys still move, and what they ask is told as refused", async () => {
  await openMonitor();
  await daemon.stop();
  await screen.until(/stale since \d\d:\d\d/);
  screen.press("j");
  await screen.until("> waves");
  screen.press("c");
  await screen.until("Cancel waves?");
  screen.press("y");
  await screen.until(/no plotty daemon answers/);
  await daemon.start();
  await screen.until("live", 20_000);
});
