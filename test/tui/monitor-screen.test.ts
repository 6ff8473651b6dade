import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KEY, openScreen } from "../support/pty-screen.ts";
import { deviceView, jobView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

const PLOTTY = fileURLToPath(new URL("../../bin/plotty.js", import.meta.url));
const ENTER_ALTERNATE = "\x1b[?1049h";
const LEAVE_ALTERNATE = "\x1b[?1049l";

let daemon: WireServer;
let screen: ReturnType<typeof openScreen>;

function openMonitor(
  size: { columns?: number; rows?: number; env?: Record<string, string> } = {},
  args: string[] = [],
) {
  screen = openScreen([process.execPath, PLOTTY, "monitor", "--url", daemon.url, ...args], size);
  return screen;
}

beforeEach(async () => {
  daemon = await new WireServer().start();
  daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING", progress: 0.42, device: "virtual_001" }));
  daemon.jobs.set("waves", jobView("waves"));
});

afterEach(async () => {
  screen.kill("SIGKILL");
  await daemon.stop();
});

describe("the monitor on an 80x24 terminal", () => {
  test("shows jobs with state and per cent, machines and alerts, and q gives the terminal back", async () => {
    openMonitor();
    await screen.until(/spiral.*RUNNING.*42%.*1 m 00 s/);
    await screen.until(/waves.*QUEUED.*0%/);
    await screen.until(/virtual_001.*connected.*ready/);
    daemon.publish({
      type: "system_alert",
      level: "warning",
      message: "pen worn",
      details: {},
      id: "a1",
      source: "job",
    });
    await screen.until(/warning.*pen worn/);
    screen.press("q");
    expect((await screen.exited).exitCode).toBe(0);
    expect(screen.raw()).toContain(ENTER_ALTERNATE);
    expect(screen.raw().lastIndexOf(LEAVE_ALTERNATE)).toBeGreaterThan(screen.raw().lastIndexOf("spiral"));
  });

  test("moves the bar with each progress event", async () => {
    openMonitor();
    await screen.until("42%");
    daemon.publishState(progress("spiral", 0.77, 14));
    await screen.until(/77%.*14 s/);
  });

  test("writes nothing while nothing changes, and few bytes for a step of progress", async () => {
    openMonitor();
    await screen.until("42%");
    await settled();
    await minuteIsYoung();
    const before = screen.raw().length;
    daemon.publishState(progress("spiral", 0.42, 60));
    await quiet();
    expect(screen.raw().length).toBe(before);
    daemon.publishState(progress("spiral", 0.43, 59));
    await screen.until("43%");
    expect(screen.raw().length - before).toBeLessThan(200);
  });

  test("p pauses the selected job; c asks, and only y cancels", async () => {
    openMonitor();
    await screen.until("42%");
    screen.press("p");
    await screen.until(/spiral.*PAUSED/);
    screen.press("c");
    await screen.until(/Cancel spiral\?/);
    screen.press("n");
    await screen.until(/q quit/);
    screen.press("c");
    await screen.until(/Cancel spiral\?/);
    screen.press("y");
    await screen.until(/spiral.*CANCELLED/);
    expect(daemon.requests.map(({ line }) => line)).toEqual([
      "POST /api/v1/jobs/spiral/pause",
      "POST /api/v1/jobs/spiral/cancel",
    ]);
  });

  test("does not ask the daemon for what its table refuses", async () => {
    openMonitor();
    await screen.until("42%");
    screen.press("r");
    await screen.until("resume is not possible now");
    expect(daemon.requests).toEqual([]);
  });

  test("arrows select, ? explains every key, R declares paper ready", async () => {
    daemon.devices.set("virtual_001", deviceView("virtual_001", { ready: false }));
    openMonitor();
    await screen.until(/> spiral/);
    screen.press(KEY.down);
    await screen.until(/> waves/);
    screen.press("?");
    await screen.until(/brake along the path/);
    screen.press("x");
    await screen.until(/> waves/);
    screen.press("R");
    await screen.until(/virtual_001 is ready/);
    expect(daemon.requests.at(-1)).toEqual({
      line: "POST /api/v1/devices/virtual_001/ready",
      body: '{"ready":true}',
    });
  });

  test("survives a restart of the daemon, and says how old what it shows is meanwhile", async () => {
    openMonitor();
    await screen.until("live");
    await daemon.stop();
    await screen.until(/stale since \d\d:\d\d/);
    daemon.publish({
      type: "system_alert",
      level: "error",
      message: "told while away",
      details: {},
      id: "a2",
      source: "x",
    });
    await daemon.start();
    await screen.until("live");
    await screen.until("told while away");
  });

  test("gives the terminal back on SIGTERM, and ends with 143", async () => {
    openMonitor();
    await screen.until("42%");
    process.kill(screen.pid, "SIGTERM");
    expect((await screen.exited).exitCode).toBe(143);
    expect(screen.raw()).toContain(LEAVE_ALTERNATE);
  });

  test("gives the terminal back when the terminal's line is cut (SIGHUP), and ends with 129", async () => {
    openMonitor();
    await screen.until("42%");
    process.kill(screen.pid, "SIGHUP");
    expect((await screen.exited).exitCode).toBe(129);
    expect(screen.raw()).toContain(LEAVE_ALTERNATE);
  });

  test("gives the terminal back when it crashes, before the stack trace is written", async () => {
    const crash = 'process.on("SIGUSR2", () => { throw new Error("a fault of its own") })';
    openMonitor({ env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}` } });
    await screen.until("42%");
    process.kill(screen.pid, "SIGUSR2");
    expect((await screen.exited).exitCode).not.toBe(0);
    const raw = screen.raw();
    expect(raw.lastIndexOf(LEAVE_ALTERNATE)).toBeGreaterThan(raw.lastIndexOf("42%"));
    expect(raw.lastIndexOf("a fault of its own")).toBeGreaterThan(raw.lastIndexOf(LEAVE_ALTERNATE));
  });

  test("Ctrl-Z gives the terminal to the shell, and fg brings the screen back", async () => {
    const script = '"$0" "$1" monitor --url "$2"; echo "in the shell"; read -r; fg; exit $?';
    screen = openScreen(["bash", "-mc", script, process.execPath, PLOTTY, daemon.url]);
    await screen.until("42%");
    screen.press("\x1a");
    await screen.until("in the shell");
    expect(screen.text()).not.toContain("42%");
    screen.press("\r");
    await screen.until("42%");
    screen.press("q");
    expect((await screen.exited).exitCode).toBe(0);
  });

  test("Ctrl-Z where no shell could continue it leaves the screen as it is", async () => {
    openMonitor();
    await screen.until("42%");
    screen.press("\x1a");
    await screen.until(() => screen.raw().split(ENTER_ALTERNATE).length === 3);
    await screen.until("42%");
  });

  test("ends with 130 on Ctrl-C", async () => {
    openMonitor();
    await screen.until("42%");
    screen.press(KEY.ctrlC);
    expect((await screen.exited).exitCode).toBe(130);
    expect(screen.raw()).toContain(LEAVE_ALTERNATE);
  });

  test("shows a frame even where CI is set", async () => {
    openMonitor({ env: { CI: "true" } });
    await screen.until(/spiral.*42%/);
  });

  test("names of wide characters keep the columns straight", async () => {
    daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING", name: "日本の波 🖋️ é" }));
    openMonitor();
    await screen.until("日本の波");
    daemon.publishState(progress("spiral", 0.5, 30));
    await screen.until(/spiral.*50%/);
    expect(screen.text()).toContain("日本の波");
  });

  test("--until done ends it with the job's exit code", async () => {
    openMonitor({}, ["--until", "done", "--job-id", "spiral"]);
    await screen.until("42%");
    daemon.move("spiral", "FAILED", "no paper");
    expect((await screen.exited).exitCode).toBe(1);
  });
});

test("a 40x12 terminal shows id and per cent of every job, and nothing is wrapped", async () => {
  openMonitor({ columns: 40, rows: 12 });
  await screen.until(/spiral.*42%/);
  await screen.until(/waves.*0%/);
  expect(screen.lines()).toHaveLength(12);
  expect(screen.lines()[0]).toMatch(/^plotty.*live/);
  expect(screen.lines()[11]).toBe("p pause r resume c cancel R ready ? q");
});

test("a terminal that shrinks and grows shows one header", async () => {
  openMonitor({ columns: 120, rows: 40 });
  await screen.until(/spiral.*42%/);
  screen.resize(60, 16);
  await screen.until(/^plotty.*live {2}\d\d:\d\d$/m);
  screen.resize(100, 30);
  await screen.until(/spiral.*42%/);
  await quiet();
  expect(screen.text().match(/plotty 0\.1\.0/g)).toHaveLength(1);
});

test("NO_COLOR leaves no colour in the bytes", async () => {
  openMonitor({ env: { NO_COLOR: "1" } });
  await screen.until(/spiral.*42%/);
  expect(screen.raw()).not.toMatch(/\x1b\[[0-9;]*3[0-7]m/);
});

test("TERM=dumb gets lines, no cursor movement", async () => {
  openMonitor({ env: { TERM: "dumb" } });
  await screen.until(/spiral.*RUNNING.*42%/);
  expect(screen.raw()).not.toContain("\x1b");
});

function progress(id: string, share: number, left: number) {
  return {
    type: "job_progress" as const,
    job_id: id,
    progress: share,
    current_layer: 1,
    total_layers: 1,
    estimated_remaining: left,
    metadata: { points_plotted: 1, total_points: 2 },
  };
}

/** Ink is loaded, and all that was asked for has come: a key was heard, and nothing is written any more. */
async function settled(): Promise<void> {
  screen.press("?");
  await screen.until(/goes back/);
  screen.press("x");
  await screen.until(/q quit/);
  for (let before = -1; before !== screen.raw().length; await quiet()) before = screen.raw().length;
}

/** The header shows the time of day: while bytes are counted its minute must not turn. */
async function minuteIsYoung(): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs > 5000) return;
  await new Promise((resolve) => setTimeout(resolve, leftMs));
  await settled();
}

/** Long enough for three frames. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 400));
}
