import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EMPTY_MIRROR, type Mirror } from "../../src/tui/client/mirror.ts";
import { spokenLines } from "../../src/tui/monitor/spoken-lines.ts";
import { FIRST_VIEW, type ViewState, viewOf } from "../../src/tui/monitor/view.ts";
import { createTheme } from "../../src/tui/text/theme.ts";
import { openScreen } from "../support/pty-screen.ts";
import { deviceView, jobView, systemView } from "../support/views.ts";
import { WireServer } from "../support/wire-server.ts";

const PLOTTY = fileURLToPath(new URL("../../bin/plotty.js", import.meta.url));
const system = systemView({ epoch: "e", seq: 1, url: "ws://localhost:8766/ws", connections: 1 });

function said(more: Partial<Mirror>, state: Partial<ViewState> = {}): string[] {
  const mirror: Mirror = { ...EMPTY_MIRROR, system, link: { state: "live", connectedInMs: 5 }, ...more };
  const wanted = { jobId: undefined, level: undefined, isReadOnly: false };
  const view = viewOf({ ...FIRST_VIEW, ...state }, mirror, wanted);
  return spokenLines({ mirror, view, theme: createTheme(false, true), traffic: null }).map(
    ({ text }) => text,
  );
}

function jobAt(
  progress: number,
  estimated_remaining: number,
): ReadonlyMap<string, ReturnType<typeof jobView>> {
  return new Map([["spiral", jobView("spiral", { state: "RUNNING", progress, estimated_remaining })]]);
}

test("a job is told in tens of per cent and in minutes, so that it is not said again at each step", () => {
  expect(said({ jobs: jobAt(0.42, 95) })).toContain("spiral, RUNNING, 40 percent, about 2 minutes left");
  expect(said({ jobs: jobAt(0.49, 91) })).toEqual(said({ jobs: jobAt(0.42, 95) }));
  expect(said({ jobs: jobAt(0.95, 20) })).toContain("spiral, RUNNING, 90 percent, less than a minute left");
});

test("a pen that moves is not told, a pen that is lowered is", () => {
  const at = (pen_up: boolean, x: number) =>
    said(
      { devices: new Map([["v1", deviceView("v1", { pen_up, position: { x, y: 0 } })]]) },
      { focus: "machines" },
    );
  expect(at(true, 5)).toEqual(at(true, 90));
  expect(at(false, 5)).toContain("v1, connected, paper ready, pen down, today 0 mm");
});

let daemon: WireServer;
let screen: ReturnType<typeof openScreen> | undefined;

beforeEach(async () => {
  daemon = await new WireServer().start();
  daemon.jobs.set("spiral", jobView("spiral", { state: "RUNNING", progress: 0.42, device: "virtual_001" }));
  daemon.jobs.set("waves", jobView("waves"));
});

afterEach(async () => {
  screen?.kill("SIGKILL");
  await daemon.stop();
});

test("INK_SCREEN_READER=true gives lines without frames, dots or another screen, and the keys work", async () => {
  const env = { INK_SCREEN_READER: "true" };
  screen = openScreen([process.execPath, PLOTTY, "monitor", "--url", daemon.url], { env });
  await screen.until("(selected) spiral, RUNNING, 40 percent, about 1 minute left, on virtual_001");
  screen.press("j");
  await screen.until("(selected) waves, QUEUED");
  screen.press("\t");
  await screen.until("spiral, RUNNING, 40 percent");
  await screen.until("Layers: 1.");
  screen.press("3");
  await screen.until("(selected) virtual_001, connected, paper ready, pen up");
  daemon.publish({
    ...{ type: "system_alert", level: "warning", message: "pen worn", details: {}, id: "a1", source: "x" },
  });
  await screen.until(/Alert: warning at \d\d:\d\d, pen worn\. x acknowledges it\./);
  screen.press("x");
  await screen.until((shown) => !shown.includes("pen worn"));
  await daemon.stop();
  await screen.until(/The daemon is away since \d\d:\d\d/);
  screen.press("q");
  expect((await screen.exited).exitCode).toBe(0);
  expect(screen.raw()).not.toContain("\x1b[?1049h");
  expect(screen.raw()).not.toMatch(/[─█⠀-⣿]/);
});
